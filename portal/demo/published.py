"""Published decisions as Judilibre's `/decision` answers them, pseudonymised, with zones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from portal.demo.decisions import Section, Sitting, judgment
from portal.demo.disputes import Dispute
from portal.demo.dossier import Precedent
from portal.demo.numbering import ecli, show_number
from portal.demo.shapes import numbered_lines
from portal.demo.wording import capital, typography

ZONES = ("introduction", "expose", "moyens", "motivations", "dispositif", "annexes")


def text_and_zones(sections: list[Section]) -> tuple[str, dict[str, list[dict[str, int]]]]:
    """The text, and for each zone the half-open spans of code points that it covers, merged where they touch."""
    lines = numbered_lines(tuple(block for _, block in sections))
    zones: dict[str, list[dict[str, int]]] = {name: [] for name in ZONES}
    offset, before = 0, ""
    for (zone, _), line in zip(sections, lines, strict=True):
        end = offset + len(line)
        if zone == before:
            zones[zone][-1]["end"] = end
        else:
            zones[zone].append({"start": offset, "end": end})
        offset, before = end + 2, zone
    return "\n\n".join(lines), zones


def identifier(*parts: str) -> str:
    """An invented id of 24 hexadecimal digits, always the same for the same decision."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


def _rapprochements(precedents: tuple[Precedent, ...]) -> list[dict[str, str]]:
    return [
        {"title": f"{one.title}, publié ({one.solution.lower()}).", "number": one.title.rsplit("\u00a0", 1)[-1]}
        for one in precedents
    ]


def record(dispute: Dispute, sitting: Sitting, precedents: tuple[Precedent, ...] = ()) -> Mapping[str, Any]:
    """The decision's public record. Dates are ISO 8601; codes are those of Judilibre's taxonomies."""
    question = dispute.question
    text, zones = text_and_zones(judgment(dispute, sitting, dispute.wording(7, hidden=True)))
    numbers = [show_number(number) for number in sitting.numbers]
    solution = "rejet" if dispute.outcome == "rejet" else "cassation"
    where = dispute.judges.split(" ", 1)[1]
    published = sitting.letter == "B"
    return {
        "id": identifier(question.key, sitting.numbers[0], sitting.on.isoformat()),
        "source": "jurinet",
        "jurisdiction": "cc",
        "chamber": question.chamber,
        "formation": sitting.formation,
        "type": "arret",
        "number": numbers[0],
        "numbers": numbers,
        "ecli": ecli(question.chamber, sitting.on, sitting.decision),
        "decision_date": sitting.on.isoformat(),
        "update_date": (sitting.on + timedelta(days=21)).isoformat(),
        "publication": [sitting.letter.lower()] if published else ["n"],
        "solution": solution,
        "solution_alt": {"cassation_partielle": "Cassation partielle"}.get(dispute.outcome, capital(solution)),
        "nac": question.nac,
        "particularInterest": False,
        "summary": typography(question.summary + ".") if published else "",
        "themes": list(question.themes) if published else [],
        "titlesAndSummaries": [{"titles": list(question.themes), "summary": question.summary}] if published else [],
        "bulletin": None,
        "visa": [{"title": typography(capital(re.sub(r"^(?:les |l')", "", question.visa)) + ".")}],
        "rapprochements": _rapprochements(precedents),
        "contested": {
            "date": dispute.contested_on.isoformat(),
            "title": f"{where}\n{dispute.below}",
            "jurisdiction": "Tribunal judiciaire" if dispute.last_resort else "Cour d'appel",
            "location": capital(where),
            "chamber": dispute.below,
            "number": dispute.rg,
        },
        "files": [],
        "zones": zones,
        "text": text,
    }
