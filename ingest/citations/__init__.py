"""References in a text (*visas, références*), found in one pass of linear time, resolved or not."""

from ingest.citations.citing import cite

__all__ = ["cite"]
