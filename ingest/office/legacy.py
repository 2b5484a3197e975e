"""Formats that only an office suite still opens (*DOC, WordPerfect, PPT, XLS*), through LibreOffice without a screen.

LibreOffice runs inside the sandbox that runs us: no network, bounded memory, a scratch folder of its own, macros off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from ingest import media_type as kinds
from ingest.extraction import Extraction, Unreadable
from ingest.metadata import enrich
from ingest.office import odt, rtf, sheet, slides
from ingest.office.package import DAMAGED, ENCRYPTED
from ingest.sandbox.programs import NOT_FOUND, OUT_OF_TIME, OwnPrograms, Programs

SECONDS = 120.0
PROGRAM = "soffice"
NEW_PROFILE = 81
"""LibreOffice has made its profile and wants to be started again."""
MISSING = (
    "Ce format ancien demande LibreOffice, qui n'est pas installé ici : le fichier est gardé tel quel, installez"
    " LibreOffice sur le serveur puis relancez la lecture, ou déposez le document en PDF, DOCX ou ODT."
)
SLOW = (
    "Ce document ancien n'a pas pu être ouvert dans le temps prévu : il est gardé tel quel, enregistrez-le en PDF, DOCX"
    " ou ODT puis redéposez-le."
)
WORKS = "application/vnd.ms-works"
WORDS = {kinds.DOC: ".doc", kinds.WORDPERFECT: ".wpd", WORKS: ".wps"}
SHEETS = {kinds.XLS: ".xls"}
SLIDES = {kinds.PPT: ".ppt"}
ENDINGS = WORDS | SHEETS | SLIDES
_READERS: tuple[tuple[dict[str, str], str, Callable[[BinaryIO], str]], ...] = (
    (WORDS, "odt", odt.text_of),
    (SHEETS, "ods", sheet.text_of_ods),
    (SLIDES, "odp", slides.text_of_odp),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value>
</prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true
</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>
true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>1</value></prop></item>
</oor:items>
"""


class Legacy:
    """Reads DOC, WordPerfect, Works, XLS and PPT. Raises `Unreadable`: office_missing, encrypted, slow, damaged."""

    media_types = frozenset(ENDINGS)

    def __init__(self, programs: Programs | None = None) -> None:
        self._programs = programs or OwnPrograms()

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        body = file.read()
        media_type = WORKS if name.lower().endswith(".wps") else kinds.detect(body, name)
        media_type = media_type if media_type in ENDINGS else kinds.DOC
        if media_type == kinds.DOC and body.startswith(b"{\\rtf"):
            return rtf.Rtf().extract(BytesIO(body), name)
        refuse_encrypted(body)
        for group, target, text_of in _READERS:
            if media_type in group:
                with converted(body, ENDINGS[media_type], target, self._programs) as result:
                    return enrich(Extraction(media_type=media_type, text=text_of(result)), name)
        raise Unreadable("damaged", DAMAGED)


def refuse_encrypted(body: bytes) -> None:
    """Raise for the protected among old Microsoft files, where LibreOffice would only fail."""
    if not body.startswith(_OLE):
        return
    if "EncryptedPackage".encode("utf-16-le") in body or "EncryptedSummary".encode("utf-16-le") in body:
        raise Unreadable("encrypted", ENCRYPTED)
    # The first sector of a Word stream: wIdent, version; bit 8 of the flags at 10 says encrypted.
    at = body.find(b"\xec\xa5", 512)
    if at >= 0 and at % 512 == 0 and len(body) > at + 12 and body[at + 11] & 1:
        raise Unreadable("encrypted", ENCRYPTED)


@contextmanager
def converted(body: bytes, ending: str, target: str, programs: Programs) -> Iterator[BinaryIO]:
    """The file in another format, from a scratch folder that goes with the context."""
    with TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        source = scratch / f"source{ending}"
        source.write_bytes(body)
        _prepare(scratch)
        _run(scratch, source, target, programs)
        result = scratch / "out" / f"source.{target}"
        if not result.exists():
            raise Unreadable("damaged", DAMAGED)
        with result.open("rb") as opened:
            yield opened


def _prepare(scratch: Path) -> None:
    (scratch / "out").mkdir()
    user = scratch / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.replace("\n</", "</").replace("<value>\n", "<value>"))


def _run(scratch: Path, source: Path, target: str, programs: Programs) -> None:
    profile = scratch / "profile"
    code = programs.run(PROGRAM, _words(profile, source, target), seconds=SECONDS).code
    if code == NEW_PROFILE:
        # Under another name the second time: the socket named after the first may stand in the way, for good.
        profile = profile.rename(scratch / "profile-made")
        code = programs.run(PROGRAM, _words(profile, source, target), seconds=SECONDS).code
    if code == NOT_FOUND:
        raise Unreadable("office_missing", MISSING)
    if code == OUT_OF_TIME:
        raise Unreadable("slow", SLOW)


def _words(profile: Path, source: Path, target: str) -> list[str]:
    options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"]
    where = f"-env:UserInstallation=file://{profile}"
    return [*options, where, "--convert-to", target, "--outdir", str(source.parent / "out"), str(source)]
