"""Which extractor reads which format. Runs inside the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from ingest.dila import Dila
from ingest.extraction import Extraction, Extractor, Unreadable
from ingest.html import Html
from ingest.judilibre import Judilibre
from ingest.media_type import detect
from ingest.plain import PlainText
from ingest.sandbox.programs import Programs

Progress = Callable[[], None]

NAMES = {
    "application/zip": "archive ZIP",
    "application/gzip": "archive GZIP",
    "application/x-bzip2": "archive BZIP2",
    "application/x-7z-compressed": "archive 7-Zip",
    "application/vnd.rar": "archive RAR",
    "application/x-executable": "programme",
    "application/x-msdownload": "programme Windows",
    "application/x-ole-storage": "courriel Outlook ou document Microsoft ancien",
    "application/epub+zip": "livre EPUB",
    "image/gif": "image GIF",
}
ENCRYPTED = "application/x-ole-encrypted"


def extractors(progress: Progress, programs: Programs) -> dict[str, Extractor]:
    """Extractors by media type; `progress` is called after each page, `programs` runs Tesseract and LibreOffice."""
    # Native libraries load in the worker alone.
    from ingest.ocr import Image, Tesseract  # noqa: PLC0415
    from ingest.office.docx import Docx  # noqa: PLC0415
    from ingest.office.legacy import Legacy  # noqa: PLC0415
    from ingest.office.odt import Odt  # noqa: PLC0415
    from ingest.office.rtf import Rtf  # noqa: PLC0415
    from ingest.office.sheet import Sheet  # noqa: PLC0415
    from ingest.office.slides import Slides  # noqa: PLC0415
    from ingest.pdf import Pdf  # noqa: PLC0415

    reader = Tesseract(programs)
    found: tuple[Extractor, ...] = (
        Dila(), Judilibre(), Html(), PlainText(), Pdf(progress, reader), Image(progress, reader),
        Docx(), Odt(), Rtf(), Sheet(), Slides(), Legacy(programs),
    )  # fmt: skip
    return {media_type: extractor for extractor in found for media_type in extractor.media_types}


def read(body: bytes, name: str, known: dict[str, Extractor]) -> Extraction:
    """Recognise and read a whole file. Raises Unreadable."""
    media_type = detect(body, name)
    if media_type == ENCRYPTED:
        raise Unreadable(
            "encrypted",
            "Ce fichier est protégé par un mot de passe : il est gardé tel quel. Enregistrez-le sans protection, puis"
            " déposez-le de nouveau.",
        )
    extractor = known.get(media_type)
    if extractor is None:
        label = NAMES.get(media_type, media_type)
        raise Unreadable(
            "unsupported",
            f"Ce format ({label}) n'est pas lu : le fichier est gardé tel quel. Enregistrez-le en PDF, DOCX ou ODT,"
            " puis redéposez-le.",
        )
    return extractor.extract(BytesIO(body), name)
