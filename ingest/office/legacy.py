"""Formats that only an office suite still opens (*DOC, WordPerfect, PPT, XLS*), through LibreOffice without a screen.

LibreOffice runs inside the sandbox that runs us: no network, bounded memory, a scratch folder of its own, macros off.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ingest import media_type as kinds
from ingest.extraction import Extraction, Unreadable
from ingest.metadata import enrich
from ingest.office import odt, rtf, sheet, slides
from ingest.office.package import DAMAGED, ENCRYPTED

SECONDS = 120.0
BEAT = 2.0
"""Seconds between two signs of life while the office suite works."""
PROGRAMS = ("soffice", "libreoffice")
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


def _idle() -> None:
    """No one to tell."""


class Legacy:
    """Reads DOC, WordPerfect, Works, XLS and PPT. Raises `Unreadable`: office_missing, encrypted, slow, damaged."""

    media_types = frozenset(ENDINGS)

    def __init__(self, progress: Callable[[], None] = _idle) -> None:
        self._progress = progress

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        body = file.read()
        media_type = WORKS if name.lower().endswith(".wps") else kinds.detect(body, name)
        media_type = media_type if media_type in ENDINGS else kinds.DOC
        if media_type == kinds.DOC and body.startswith(b"{\\rtf"):
            return rtf.Rtf().extract(BytesIO(body), name)
        refuse_encrypted(body)
        for group, target, text_of in _READERS:
            if media_type in group:
                with converted(body, ENDINGS[media_type], target, self._progress) as result:
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
def converted(body: bytes, ending: str, target: str, progress: Callable[[], None] = _idle) -> Iterator[BinaryIO]:
    """The file in another format, from a scratch folder that goes with the context."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise Unreadable("office_missing", MISSING)
    with tempfile.TemporaryDirectory(prefix="office-", dir=".", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder).resolve()
        source = scratch / f"source{ending}"
        source.write_bytes(body)
        _prepare(scratch)
        _run(_words(program, scratch, source, target), scratch, progress)
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


def _words(program: str, scratch: Path, source: Path, target: str) -> list[str]:
    options = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"]
    profile = f"-env:UserInstallation=file://{scratch}/profile"
    return [program, *options, profile, "--convert-to", target, "--outdir", str(scratch / "out"), str(source)]


def _run(words: list[str], scratch: Path, progress: Callable[[], None]) -> None:
    """Run to the end, or kill the whole group at the time limit: the launcher starts a second process."""
    environment = {**os.environ, "HOME": str(scratch), "TMPDIR": str(scratch), "SAL_USE_VCLPLUGIN": "svp"}
    with subprocess.Popen(  # noqa: S603  (no shell, our own words)
        words,
        cwd=scratch,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        waited = 0.0
        try:
            while not _ended(process):
                waited += BEAT
                progress()
                if waited >= SECONDS:
                    raise Unreadable("slow", SLOW)
        finally:
            _kill(process)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(BEAT)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
