"""A file being built (*dossier*): what every writer of a piece needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.demo.decisions import Sitting
from portal.demo.disputes import Dispute
from portal.demo.members import Bench
from portal.demo.numbering import show_keyed
from portal.demo.schedule import Timeline
from portal.demo.shapes import Block, CaseFile, Member
from portal.demo.wording import Wording, typography


@dataclass(frozen=True, slots=True)
class Precedent:
    """A published decision that a file may cite."""

    title: str
    """« Soc., 12 janvier 2022, pourvoi n° 20-11.139 »."""
    solution: str
    summary: str
    question: str


@dataclass(frozen=True, slots=True)
class Dossier:
    case: CaseFile
    dispute: Dispute
    timeline: Timeline
    bench: Bench
    rapporteur: Member
    precedents: tuple[Precedent, ...]
    sitting: Sitting | None
    rng: Random

    @property
    def appeal(self) -> str:
        """« pourvoi n° C 21-12.345 »."""
        shown = " et ".join(show_keyed(number) for number in self.case.numbers)
        return typography(f"{'pourvoi' if len(self.case.numbers) == 1 else 'pourvois'} n° {shown}")

    def words(self, salt: int) -> Wording:
        return self.dispute.wording(salt)


def heading(text: str, level: int = 2) -> Block:
    return Block("heading", typography(text), level)


def paragraph(text: str) -> Block:
    return Block("paragraph", typography(text))


def numbered(text: str) -> Block:
    return Block("numbered", typography(text))
