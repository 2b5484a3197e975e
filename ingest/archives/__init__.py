"""What lies in an archive (*archive compressée*), looked over within bounds before a single member is read.

ZIP and TAR, single files compressed alone, lists of Judilibre records. Nothing is ever written by its name. An archive
that is damaged, empty, encrypted or out of bounds raises `Unreadable` from `Archive.survey`.
"""

from ingest.archives.archive import BROKEN, HEAD, Archive, Budget, Member, refuse
from ingest.archives.recognition import recognise

__all__ = ["BROKEN", "HEAD", "Archive", "Budget", "Member", "recognise", "refuse"]
