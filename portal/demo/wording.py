"""French sentences from templates: agreement, contraction, dates, sums, typography."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from random import Random

from portal.demo.names import Name

MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
NBSP = "\u00a0"
_TOKEN = re.compile(r"\{([^{}]+)\}")
_CHOICE = re.compile(r"\[\[([^\[\]]+)\]\]")
_SPACING = (
    (re.compile(r"« "), f"«{NBSP}"),
    (re.compile(r" (?=[»;:?!%])"), NBSP),
    (re.compile(r"\b(n°|N°) (?=[\dA-Z])"), rf"\1{NBSP}"),
    (re.compile(r"\b(M\.|MM\.|Mme|Mmes|Me|Maître) (?=[A-ZÉÈ\[])"), rf"\1{NBSP}"),
    (re.compile(r"\b([LRD]\.) (?=\d)"), rf"\1{NBSP}"),
    (re.compile(r"\b(articles?|alinéa|art\.|§) (?=[LRD\d])"), rf"\1{NBSP}"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NBSP),
    (re.compile(r"(?<=\d) (?=euros\b)"), NBSP),
    (re.compile(r"\b([Qq])ue (?=(?:ils?|elles?|une?|aucune?|on|en|à|après)\b)"), r"\1u'"),
    (re.compile(r"\bde le (?=syndicat|ministère|procureur)"), "du "),
    (re.compile(r"\bde (?=[AEÉIOU][a-zé])"), "d'"),
    (re.compile(r"\bDE (?=[AEÉIOU][A-ZÉ])"), "D'"),
    (re.compile(r"\bde Le (?=Puy)"), "du "),
    (re.compile(r"\bà le (?=syndicat|ministère|procureur)"), "au "),
)


def long_date(day: date) -> str:
    """« 1er février 2022 », with non-breaking spaces."""
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def euros(amount: int) -> str:
    """« 12 500 euros », with non-breaking spaces."""
    return f"{amount:,}".replace(",", NBSP) + f"{NBSP}euros"


def typography(text: str) -> str:
    """The spaces of French printing: inside quotation marks, before high punctuation, within numbers."""
    for pattern, replacement in _SPACING:
        text = pattern.sub(replacement, text)
    return text


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def of(name: str) -> str:
    """« de M. Aubrac », « du syndicat », « de la société »."""
    if name.startswith("le "):
        return f"du {name[3:]}"
    return f"d'{name}" if name[0] in "AEÉIOU" else f"de {name}"


def to(name: str) -> str:
    """« à M. Aubrac », « au syndicat », « à la société »."""
    return f"au {name[3:]}" if name.startswith("le ") else f"à {name}"


def demand(infinitives: str) -> str:
    """« de dire… », « d'annuler… »: the object of « demander »."""
    return f"d'{infinitives}" if infinitives[0] in "aeéèiouh" else f"de {infinitives}"


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


class Wording:
    """Fills templates for one dispute.

    Tokens: `{A}` a name, `{^A}` at the head of a sentence, `{de A}` and `{à A}` contracted, `{e A}` the feminine
    ending, `{il A}` and `{le A}` the pronouns, `{civ A}` the greeting, `{la partie A}` « l'exposante ».
    Any other is a slot.
    `[[one|another]]` is a choice, drawn from `rng`.
    """

    def __init__(self, cast: Mapping[str, Name], slots: Mapping[str, str], rng: Random) -> None:
        self._cast = cast
        self._slots = slots
        self._rng = rng

    def name(self, key: str) -> Name:
        return self._cast[key]

    def __call__(self, template: str) -> str:
        text = _CHOICE.sub(lambda found: self._rng.choice(found.group(1).split("|")), template)
        for _ in range(3):
            if "{" not in text:
                break
            text = _TOKEN.sub(lambda found: self._fill(found.group(1)), text)
        return typography(text)

    def _fill(self, token: str) -> str:
        if token.startswith("^"):
            return capital(self._fill(token[1:]))
        if token in self._cast:
            return self._cast[token].short
        if token in self._slots:
            return self._slots[token]
        form, _, key = token.rpartition(" ")
        name = self._cast[key]
        feminine = name.gender == "f"
        match form:
            case "de":
                return of(name.short)
            case "à":
                return to(name.short)
            case "e":
                return "e" if feminine else ""
            case "il":
                return "elle" if feminine else "il"
            case "le":
                return "la" if feminine else "le"
            case "civ":
                return name.greeting
            case "la partie":
                return "l'exposante" if feminine else "l'exposant"
            case "à la partie":
                return "à l'exposante" if feminine else "à l'exposant"
        raise KeyError(token)
