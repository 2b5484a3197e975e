"""Numbers that the court gives: appeal numbers with their key letter, ECLI, decision identifiers."""

from __future__ import annotations

from datetime import date

KEYS = "ABCDEFHGJKMNPQRSTUVWXYZ"
"""Key letters by remainder modulo 23 of the seven digits."""

ECLI_CODES = {"civ1": "C1", "civ2": "C2", "civ3": "C3", "comm": "CO", "soc": "SO", "cr": "CR"}


def key_letter(digits: str) -> str:
    """The letter (*clé*) that goes before an appeal number: `2112345` → `C`."""
    return KEYS[int(digits) % 23]


def show_number(digits: str) -> str:
    """`2112345` → `21-12.345`."""
    return f"{digits[:2]}-{digits[2:4]}.{digits[4:]}"


def show_keyed(digits: str) -> str:
    """`2112345` → `C 21-12.345`, with a non-breaking space."""
    return f"{key_letter(digits)}\u00a0{show_number(digits)}"


def ecli(chamber: str, on: date, decision: int) -> str:
    """`ECLI:FR:CCASS:2022:C100387` for the 387th decision of the first civil chamber."""
    return f"ECLI:FR:CCASS:{on.year}:{ECLI_CODES[chamber]}{decision:05d}"
