"""The truth for metadata extraction: real decisions, normalised by others, and how near an extraction comes."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.dila import Dila
from ingest.extraction import Extraction, Zone
from ingest.html import Html
from ingest.judilibre import Judilibre
from ingest.metadata import enrich
from ingest.numbers import AppealNumber
from ingest.taxonomy import formation_code, publication_codes, solution_code

FIELDS = ("numbers", "date", "chamber", "ecli", "solution", "publication", "formation")
ZONES = {
    "Entête": "introduction", "Exposé du litige": "expose", "Moyens": "moyens", "Motivation": "motivations",
    "Dispositif": "dispositif",
}  # fmt: skip


@dataclass
class Score:
    """Right answers of those that the truth knows, by field, with the mistakes named."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        return self.right[name] / max(1, self.asked[name])

    def add(self, name: str, wanted: object, got: object, where: str) -> None:
        self.asked[name] += 1
        if wanted == got:
            self.right[name] += 1
        else:
            self.mistakes.append(f"{where} {name}: {wanted} attendu, {got} lu")


def truths(caselaw: Path) -> list[dict[str, Any]]:
    with gzip.open(caselaw / "decisions.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def from_files(caselaw: Path, records: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Extraction]]:
    """Each decision read from its own file, by its own extractor."""
    for truth in records:
        name = truth["id"]
        if truth["source"] == "dila_cass":
            path, extractor = caselaw / "dila_cass_xml" / f"{name}.xml", Dila()
        elif truth["source"] == "judilibre_web":
            path, extractor = caselaw / "judilibre_html" / f"{name}.html", Html()
        else:
            path, extractor = caselaw / "judilibre_api_samples" / "decision_cc_unresolved.json", Judilibre()
        with path.open("rb") as file:
            yield truth, extractor.extract(file, path.name)


def from_prose(records: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Extraction]]:
    """Each decision read from its bare text, as from a PDF."""
    for truth in records:
        yield truth, enrich(Extraction(media_type="text/plain", text=truth["text"]), "decision.txt")


def wanted(truth: dict[str, Any]) -> dict[str, object]:
    """What the truth knows, in our codes; a field that it does not know is left out."""
    letters = publication_codes(truth["publication"] or "")
    formation = truth["formation_raw"].partition(" - ")[2] or (
        truth["formation_raw"] if len(truth["formation_raw"]) < 4 else ""
    )
    values: dict[str, object] = {
        "numbers": tuple(AppealNumber.parse(number).digits for number in truth["numbers"]),
        "date": truth["decision_date"],
        "chamber": truth["chamber"],
        "ecli": truth["ecli"],
        "solution": solution_code(truth["solution"] or ""),
        "publication": letters or None,
        "formation": formation_code(formation) if formation else None,
    }
    return {name: value for name, value in values.items() if value}


def read(extraction: Extraction) -> dict[str, object]:
    about = extraction.metadata
    singles = {name: getattr(about, name) for name in ("chamber", "ecli", "solution", "formation")}
    return {
        "numbers": tuple(number.value for number in about.numbers),
        "date": about.date.value.isoformat() if about.date else None,
        "publication": tuple(letter.value for letter in about.publication),
        **{name: value.value if value else None for name, value in singles.items()},
    }


def score(pairs: Iterable[tuple[dict[str, Any], Extraction]]) -> Score:
    total = Score()
    for truth, extraction in pairs:
        got = read(extraction)
        for name, value in wanted(truth).items():
            total.add(name, value, got[name], truth["id"])
    return total


def zone_starts(truth: dict[str, Any]) -> set[tuple[int, str]]:
    """Where each zone of the truth begins in its text; empty where it has none."""
    starts, at = set(), 0
    for zone in truth["zones"] or ():
        name = ZONES.get(zone["zone"])
        if name:
            at = truth["text"].index(zone["text"], at)
            starts.add((at, name))
            at += len(zone["text"])
    return starts


def zone_f1(pairs: Iterable[tuple[dict[str, Any], Iterable[Zone]]]) -> tuple[float, list[str]]:
    """F1 of boundaries (place and name), and the mistakes named."""
    both = extra = missed = 0
    mistakes = []
    for truth, zones in pairs:
        known = zone_starts(truth)
        if not known:
            continue
        found = {(zone.start, zone.name) for zone in zones}
        both, extra, missed = both + len(known & found), extra + len(found - known), missed + len(known - found)
        for at, name in sorted(known ^ found):
            sign = "manque" if (at, name) in known else "en trop"
            mistakes.append(f"{truth['id']} {name} {sign} : {truth['text'][at : at + 60]!r}")
    return 2 * both / max(1, 2 * both + extra + missed), mistakes
