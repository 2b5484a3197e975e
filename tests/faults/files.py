"""A folder of small files for an ingest that is interrupted: plain text, pages, and records like Judilibre's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

WORDS = (
    *("contrat", "bail", "licenciement", "préjudice", "mémoire", "cassation", "société", "bailleur", "salarié"),
    *("faute", "grave", "délai", "assignation", "créance", "caution", "garantie", "vente", "servitude"),
    *("prescription", "appel", "intérêt", "arrêt", "chambre", "motif"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A file on disk: the SHA-256 of its bytes, and a word that no other file holds."""

    digest: str
    word: str


def write(folder: Path, number: int, rng: Random) -> Written:
    """Write file `number`; which kind it is follows from its number."""
    word = f"témoin{number:06}"
    text = f"Le mot {word} ouvre cette pièce.\n\n" + "\n".join(
        " ".join(rng.choices(WORDS, k=12)) + "." for _ in range(rng.randint(3, 40))
    )
    suffix, body = (_plain, _page, _record)[number % 3](number, text)
    (folder / f"fichier-{number:06}.{suffix}").write_bytes(body)
    return Written(hashlib.sha256(body).hexdigest(), word)


def _plain(_number: int, text: str) -> tuple[str, bytes]:
    return "txt", text.encode()


def _page(number: int, text: str) -> tuple[str, bytes]:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    page = f"<!doctype html><html lang=fr><head><title>Pièce {number}</title></head><body>{paragraphs}</body></html>"
    return "html", page.encode()


def _record(number: int, text: str) -> tuple[str, bytes]:
    record = {
        "id": f"{number:024x}",
        "jurisdiction": "cc",
        "chamber": "soc",
        "number": f"20-{10 + number // 1000:02}.{number % 1000:03}",
        "numbers": [f"20-{10 + number // 1000:02}.{number % 1000:03}"],
        "ecli": f"ECLI:FR:CCASS:2021:SO{number:05}",
        "decision_date": "2021-03-17",
        "type": "arret",
        "solution": "rejet",
        "text": text,
        "zones": {},
    }
    return "json", json.dumps(record, ensure_ascii=False).encode()
