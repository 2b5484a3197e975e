"""Abuse cases run against the whole portal, served over HTTP."""

from tests.portal.web.conftest import world

__all__ = ["world"]
