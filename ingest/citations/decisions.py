"""Decisions by court and date (*Civ. 1re, 1er février 2022*) and by their own number (*arrêt n° 387 FS-B*)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.dates import DATE, value_of
from ingest.extraction import Citation
from ingest.taxonomy import chamber_code

_ORDINAL = r"(?:1re|1ere|1e|premiere|2e|2eme|2nde|deuxieme|3e|3eme|troisieme)"
_COURT = re.compile(
    r"(?<![a-z])(?:(?:cass|cour de cassation)\b\.?,? ?)?(?:"
    rf"(?P<before>{_ORDINAL}) ?(?:ch(?:ambre|\.)? )?civ(?:ile|\.)?"
    rf"|(?:ch(?:ambre|\.)? )?civ(?:ile|\.)? ?,?(?P<after>{_ORDINAL}|[123])(?![a-z0-9])"
    r"|(?P<named>comm?\.|soc\.|crim\.|ass\. ?plen\.|assemblee pleniere|ch\. ?mixte|chambre"
    r" mixte|ch(?:ambre|\.) (?:commerciale(?:,? financiere et economique)?|com\.|sociale"
    r"|soc\.|criminelle|crim\.)|ch\. ?reun\.|chambres reunies)"
    r")(?:,| du| le)?[ \n]{1,2}(?:le |du |arret du |arrets? )?"
)
_PLAIN_COURT = re.compile(r"(?<![a-z])(?:cass\.|cour de cassation),? ?(?:du |le )?")
_NUMBERED = re.compile(
    r"(?<![a-z])arrets? (?:n°|no|numero) ?(?P<number>\d{1,5})(?: (?P<letters>f[psm]?(?:[+-][a-z]"
    r"(?![a-z])){1,5}))(?![a-z-])"
)


def decisions(text: str, plain: str) -> Iterator[Citation]:
    """Values: `civ1@2022-02-01`, where the chamber and the day alone may name several; `387 FS-B`."""
    for pattern in (_COURT, _PLAIN_COURT):
        for found in pattern.finditer(plain):
            day = DATE.match(plain, found.end())
            value = value_of(day) if day else None
            if day and value:
                code = _chamber(found) if pattern is _COURT else "cc"
                yield Citation(
                    kind="decision", text=text[found.start() : day.end()], start=found.start(), end=day.end(),
                    value=f"{code}@{value.isoformat()}",
                )  # fmt: skip
    for found in _NUMBERED.finditer(plain):
        yield Citation(
            kind="decision", text=text[found.start() : found.end()], start=found.start(), end=found.end(),
            value=f"{found['number']} {found['letters'].upper()}",
        )  # fmt: skip


def _chamber(found: re.Match[str]) -> str:
    order = found["before"] or found["after"]
    if order:
        return "civ" + {"p": "1", "d": "2", "t": "3"}.get(order[0], order[0])
    return chamber_code(found["named"]) or "cc"
