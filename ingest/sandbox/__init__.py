"""Opening a file that nobody has vouched for (*bac à sable*): in a process that can hurt itself alone."""

from ingest.sandbox.limits import Limits
from ingest.sandbox.workers import Workers

__all__ = ["Limits", "Workers"]
