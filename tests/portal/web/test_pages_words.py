"""What codes are called on screen."""

from __future__ import annotations

import pytest

from portal.nouns.kinds import CHAMBERS, DRAFTABLE, KINDS, STATES
from portal.nouns.member import ROLES, Member
from portal.plugin import Access
from portal.web import words
from portal.web.pages.case_files import GROUPS

SOLUTIONS = (
    *("cassation", "rejet", "annulation", "avis", "decheance", "designation", "irrecevabilite", "nonlieu"),
    *("qpc", "qpcother", "rabat", "reglement", "renvoi", "other"),
)


@pytest.mark.parametrize(
    ("facet", "codes"),
    [
        ("kind", list(KINDS)),
        ("chamber", ["pl", "mi", "civ1", "civ2", "civ3", "comm", "soc", "cr", "creun", "ordo", "allciv", "other"]),
        ("formation", ["fp", "fm", "fs", "f", "frh", "frr"]),
        ("solution", list(SOLUTIONS)),
        ("publication", ["b", "r", "l", "c", "n"]),
        ("state", list(STATES)),
    ],
)
def test_every_code_of_the_taxonomies_has_a_french_name(facet: str, codes: list[str]) -> None:
    """No page shows a bare code where the court has a word."""
    for code in codes:
        assert words.label(facet, code) != code
        assert words.full_label(facet, code)


def test_a_code_that_is_not_known_is_shown_as_it_stands() -> None:
    """A new code of a feed is seen rather than hidden or refused."""
    assert words.label("solution", "nouvelle") == "nouvelle"
    assert words.label("year", "2022") == "2022"


def test_every_kind_has_its_group_in_a_case_file() -> None:
    """Each kind of piece stands in one group, and in one only."""
    placed = [kind for _, kinds in GROUPS for kind in kinds]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(KINDS) - {"dossier"}
    assert set(DRAFTABLE) <= set(placed)


def test_every_access_and_role_has_a_name() -> None:
    """Rights and roles are said in words."""
    assert set(words.ACCESSES) == set(Access)
    assert words.roles(frozenset(ROLES)) == ", ".join(ROLES.values())
    assert words.roles(frozenset()) == ""


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (words.count(0, "pièce"), "0\u00a0pièce"),
        (words.count(1, "résultat"), "1\u00a0résultat"),
        (words.count(12345, "résultat"), "12\u202f345\u00a0résultats"),
        (words.count(2, "mot", "mots"), "2\u00a0mots"),
        (words.size(100), "1\u00a0Ko"),
        (words.size(4_400_000), "4,2\u00a0Mo"),
        (words.picked(Member("m", "Mme", "Roy", frozenset(), "Claire")), "Mme Claire Roy"),
        (words.picked(Member("m", "", "Roy")), "Roy"),
    ],
)
def test_quantities_are_written_the_french_way(shown: str, expected: str) -> None:
    """Thin spaces in thousands, no plural below two, a comma in decimals."""
    assert shown == expected


def test_chambers_are_named_in_both_ways() -> None:
    """The list has the court's short name, the tooltip the full one."""
    assert words.label("chamber", "civ1") == "Civ. 1re"
    assert words.full_label("chamber", "civ1") == CHAMBERS["civ1"][1]
