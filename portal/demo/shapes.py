"""The demo court as plain frozen values: people, case files, pieces, published decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.nouns.case_file import CaseRole, Party, Stage

DEPOSITED_KINDS = frozenset(
    {"declaration", "memoire_ampliatif", "memoire_defense", "arret_attaque", "jugement", "piece", "courrier"}
)
"""Kinds that are always deposited: nobody at the court drafts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Someone of the court (*magistrat, greffier, chargé d'études*). `roles` are court-wide codes."""

    id: str
    civility: str
    given_name: str
    surname: str
    roles: tuple[str, ...]
    chambers: tuple[str, ...]
    """Judilibre codes: civ1 civ2 civ3 comm soc cr; empty for those who belong to no chamber."""
    function: str
    """As signatures write it: « conseillère référendaire »."""

    @property
    def name(self) -> str:
        """« Mme Roy », with a non-breaking space."""
        return f"{self.civility}\u00a0{self.surname}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """*Dossier de pourvoi*. `numbers` are seven digits each; the first one names the file."""

    numbers: tuple[str, ...]
    chamber: str
    formation: str
    title: str
    matter: str
    question: str
    contested: str
    contested_on: date
    rg: str
    parties: tuple[Party, ...]
    stages: tuple[Stage, ...]
    roles: tuple[CaseRole, ...]
    state: str
    """instruction, rapport, audience, delibere or juge."""
    hearing: date | None = None
    report_due: date | None = None

    @property
    def number(self) -> str:
        return self.numbers[0]

    def holder(self, role: str) -> str | None:
        """The first member who holds this role in the file."""
        return next((one.member for one in self.roles if one.role == role), None)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text. `type` is heading, paragraph or numbered; `level` is that of a heading, from 1."""

    type: str
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A document of a file (*pièce*), deposited or still its author's draft (*projet*)."""

    id: str
    case_file: str
    """First appeal number of its file, seven digits."""
    kind: str
    title: str
    author: str | None
    """A member's id; None where counsel or a party wrote it."""
    counsel: str
    date: date
    deposited: bool
    media: str
    """pdf, docx, txt, html, scan; `draft` for what lives in the editor."""
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Plain text, a blank line between blocks; numbered paragraphs carry their numbers."""
        return plain_text(self.blocks)


@dataclass(frozen=True, slots=True)
class Published:
    """A published decision as Judilibre's `/decision` answers it; `case_file` where the file is in this court."""

    record: Mapping[str, Any]
    case_file: str | None = None


@dataclass(frozen=True, slots=True)
class Court:
    """The whole demo: what `generate` returns."""

    members: tuple[Member, ...]
    case_files: tuple[CaseFile, ...]
    pieces: tuple[Piece, ...]
    published: tuple[Published, ...]

    def member(self, member: str) -> Member:
        return next(one for one in self.members if one.id == member)

    def pieces_of(self, number: str) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.case_file == number)


def numbered_lines(blocks: tuple[Block, ...]) -> list[str]:
    """Each block as one line of text, numbered paragraphs with their running number."""
    lines, count = [], 0
    for block in blocks:
        if block.type == "numbered":
            count += 1
            lines.append(f"{count}. {block.text}")
        else:
            lines.append(block.text)
    return lines


def plain_text(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(numbered_lines(blocks))
