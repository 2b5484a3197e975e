"""The demo court (*cour de démonstration*): invented people and files, kept by the ways that real ones take."""

from portal.demo.seeding import seed

__all__ = ["seed"]
