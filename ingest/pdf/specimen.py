"""A page of our own (*page d'essai*): reading it loads what every file would otherwise load again in its fork."""

from __future__ import annotations

from io import BytesIO

from ingest.pdf.document import Pdf

FONTS = ("Times-Roman", "Times-Bold", "Times-Italic", "Helvetica", "Helvetica-Bold", "Courier")
"""Fonts that files name without bringing them."""
WORDS = b"Cour de cassation, chambre sociale, arr\\352t du 3 mars 2021, pourvoi n\\260 21-12.345"


def specimen() -> bytes:
    """A PDF of one page, a line in each font."""
    fonts = b"".join(
        b"/F%d<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/%s>>" % (number, name.encode())
        for number, name in enumerate(FONTS)
    )
    shown = b"".join(b"BT/F%d 11 Tf 72 %d Td(%s)Tj ET " % (n, 700 - 16 * n, WORDS) for n in range(len(FONTS)))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<<%s>>>>>>" % fonts
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
    )
    body = b"%PDF-1.4\n"
    for number, held in enumerate(objects, 1):
        body += b"%d 0 obj%s endobj\n" % (number, held)
    return body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF\n"


def warm_up() -> None:
    """Load fonts and patterns into this process."""
    Pdf().extract(BytesIO(specimen()), "essai.pdf")
