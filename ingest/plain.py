"""Plain text (*texte brut*) in any encoding."""

from __future__ import annotations

from typing import BinaryIO

from ingest.encoding import clean, decode
from ingest.extraction import Extraction, Unreadable
from ingest.metadata import enrich

MAX_BYTES = 64 * 1024 * 1024
TOO_LARGE = (
    "Ce fichier de texte dépasse 64 Mo : il est gardé tel quel, déposez-le en plusieurs parties pour qu'il soit lu."
)
REPAIRED = "Quelques caractères étaient abîmés : ils ont été lus au mieux, vérifiez les accents."


class PlainText:
    media_types = frozenset({"text/plain"})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Unreadable("too-large", TOO_LARGE)
        decoded = decode(data)
        warnings = (REPAIRED,) if decoded.repaired else ()
        return enrich(Extraction(media_type="text/plain", text=clean(decoded.text), warnings=warnings), name)


def looks_like(head: bytes) -> bool:
    """True for bytes that decode to words in some encoding; ask this one last."""
    try:
        # A sample cut inside a character must not look damaged.
        return bool(decode(head[: len(head) // 4 * 4]).text.strip())
    except Unreadable:
        return False
