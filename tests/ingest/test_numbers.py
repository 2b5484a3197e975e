"""Numbers and dates: every writing, one value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import find_dates, find_spelled, parse_date, show_date, spelled
from ingest.numbers import AppealNumber, Ecli, InvalidNumber, display, key_letter, key_warning

DIGITS = st.integers(0, 9_999_999).map(lambda number: f"{number:07d}")


@pytest.mark.parametrize(
    "writing",
    [
        "21-20.723",
        "21-20723",
        "J 21-20.723",
        "J21-20.723",
        "j 21-20.723",
        "21‑20.723",
        "21–20 723",
        "2120723",
        "J2120723",
    ],
)
def test_an_appeal_number_is_read_in_every_writing(writing: str) -> None:
    """Hyphens, points, spaces and key letter do not change an appeal's number."""
    number = AppealNumber.parse(writing)
    assert (number.digits, number.shown, number.key) == ("2120723", "21-20.723", "J")


@pytest.mark.parametrize("writing", ["", "21-20.72", "121-20.723", "21-20.7234", "pourvoi", "21/20723", "２１-20.723"])
def test_what_is_no_appeal_number_is_refused(writing: str) -> None:
    """A string that is not exactly an appeal number never becomes one."""
    with pytest.raises(InvalidNumber):
        AppealNumber.parse(writing)


@given(DIGITS, st.sampled_from(["-", "‑", "–"]), st.sampled_from([".", "", " ", "\u00a0"]), st.booleans())
def test_numbers_survive_being_written_and_read(digits: str, hyphen: str, point: str, keyed: bool) -> None:
    """Writing a number in any form and reading it gives the number back, and its own key raises no warning."""
    number = AppealNumber(digits)
    written = f"{digits[:2]}{hyphen}{digits[2:4]}{point}{digits[4:]}"
    assert AppealNumber.parse(f"{number.key} {written}" if keyed else written) == number
    assert AppealNumber.parse(number.shown) == number == AppealNumber.parse(display(digits))
    assert key_warning(number, number.key) == ""


def test_a_wrong_key_letter_warns_and_names_the_right_one() -> None:
    """`J 21-12.345` is read and warned about: the letter of 21-12.345 is C."""
    number = AppealNumber.parse("J 21-12.345")
    assert "C" in key_warning(number, "J")
    assert key_letter("C 21-12.345") == "C"


def test_the_key_letters_of_real_numbers_are_right(corpora: Path) -> None:
    """Every real appeal number with its letter agrees with the checksum."""
    lines = (corpora / "judilibre" / "pourvoi_vectors.txt").read_text(encoding="utf-8").split("\n")
    pairs = [line.split() for line in lines if line.strip()]
    assert len(pairs) >= 40
    assert [key_letter(number) for _, number in pairs] == [letter for letter, _ in pairs]


def test_the_century_turns_at_fifty() -> None:
    """76-40.783 is an appeal of 1976, 21-20.723 of 2021."""
    assert (AppealNumber("7640783").year, AppealNumber("2120723").year) == (1976, 2021)


@pytest.mark.parametrize(
    ("text", "chamber", "number"),
    [
        ("ECLI:FR:CCASS:2022:C100387", "civ1", "387"),
        ("ecli:fr:ccass:2023:ap00672", "pl", "672"),
        ("ECLI:FR:CCASS:2024:OR91129", "ordo", "91129"),
        ("ECLI:FR:CCASS:2099:ZZ00001", None, "1"),
        ("ECLI:FR:CC:2012:2012.270.QPC", None, None),
    ],
)
def test_an_ecli_tells_chamber_and_number(text: str, chamber: str | None, number: str | None) -> None:
    """The ordinal of the Cour de cassation holds chamber and number; other courts' and unknown codes stay open."""
    ecli = Ecli.parse(text)
    assert (ecli.chamber, ecli.number, ecli.text) == (chamber, number, text.upper())


@pytest.mark.parametrize(
    "text",
    [
        "1er février 2022",
        "1 févr. 2022",
        "01/02/2022",
        "2022-02-01",
        "1ER FÉVRIER 2022",
        "1.2.2022",
        "premier février deux mille vingt-deux",
    ],
)
def test_a_date_is_read_in_every_writing(text: str) -> None:
    """French, numeric and ISO dates, in figures or words, give one day."""
    assert parse_date(text) == date(2022, 2, 1)


@pytest.mark.parametrize("text", ["31 février 2022", "32/01/2022", "2022-13-01", "1234-5", "12/12-13.456", "mai 2022"])
def test_no_day_is_made_up(text: str) -> None:
    """A string that names no day of the calendar gives none."""
    assert parse_date(text) is None
    assert not list(find_dates(text))


@given(st.dates(date(1600, 1, 1), date(2199, 12, 31)))
def test_dates_survive_being_written_and_read(day: date) -> None:
    """The court's writing and the ISO writing both give the day back."""
    assert parse_date(show_date(day)) == day == parse_date(day.isoformat())


def test_years_in_words_are_read() -> None:
    """The last line of an arrêt gives its date in words."""
    line = "en son audience publique du vingt-huit mars mil neuf cent quatre-vingt-dix-sept."
    assert [found.value for found in find_spelled(line)] == [date(1997, 3, 28)]
    assert spelled("deux mille vingt-quatre") == 2024


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    """Arbitrary characters never raise anything but the refusal."""
    list(find_dates(text))
    list(find_spelled(text))
    parse_date(text)
    for read in (AppealNumber.parse, Ecli.parse):
        try:
            read(text)
        except InvalidNumber:
            continue
