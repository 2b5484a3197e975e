from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from portal.demo.court import TODAY, generate
from portal.demo.matters import exhibits, questions
from portal.demo.numbering import ECLI_CODES, key_letter, show_number
from portal.demo.schedule import add_months
from portal.demo.shapes import CaseFile, Court

ROLES = {
    "premier_president", "president", "doyen", "conseiller", "rapporteur", "avocat_general",
    "greffe", "sder", "auditeur", "administrateur", "habilitations",
}  # fmt: skip


@pytest.fixture(scope="module")
def court() -> Court:
    return generate()


def on(file: CaseFile, kind: str) -> date | None:
    return next(stage.on for stage in file.stages if stage.kind == kind)


def test_same_seed_same_court(court: Court) -> None:
    """The same seed draws the same court, and another seed another one."""
    assert generate() == court
    assert generate(2) != court


def test_counts(court: Court) -> None:
    """The demo holds at least what it promises: people, files, pieces, published decisions."""
    assert len(court.members) >= 12
    assert len(court.case_files) >= 44
    assert len(court.pieces) >= 320
    assert len(court.published) >= 40
    assert sum(file.state == "juge" for file in court.case_files) >= 10
    assert len({question.matter for question in questions()}) >= 20
    assert {file.chamber for file in court.case_files} == set(ECLI_CODES)


def test_every_role_is_held(court: Court) -> None:
    """Every role of the court has a member, each member an id of their own, women and men in near equal number."""
    assert {role for member in court.members for role in member.roles} == ROLES
    assert len({member.id for member in court.members}) == len(court.members)
    women = sum(member.civility == "Mme" for member in court.members)
    assert abs(2 * women - len(court.members)) <= 6


def test_key_letters() -> None:
    """The key letter of an appeal number is the court's own checksum."""
    assert key_letter("2112345") == "C"
    assert key_letter("1919463") == "Y"
    assert key_letter("2216906") == "F"


def test_key_letters_in_texts(court: Court) -> None:
    """Wherever a text gives an appeal number with its letter, the letter is right."""
    seen = 0
    for piece in court.pieces:
        for letter, number in re.findall(r"\b([A-Z])\u00a0(\d\d-\d\d\.\d{3})\b", piece.text):
            assert key_letter(re.sub(r"\D", "", number)) == letter
            seen += 1
    assert seen > 100


@pytest.mark.corpora
def test_key_letters_of_real_numbers(corpora: Path) -> None:
    """The checksum agrees with real appeal numbers."""
    listed = (corpora / "judilibre" / "pourvoi_vectors.txt").read_text("utf-8")
    found = re.findall(r"([A-Z])\s?(\d\d)-(\d\d)\.(\d{3})", listed)
    assert found
    for letter, *digits in found:
        assert key_letter("".join(digits)) == letter


def test_numbers_are_unique(court: Court) -> None:
    """No appeal number stands in two files, nor in a file and a precedent; some files hold joined appeals."""
    numbers = [number for file in court.case_files for number in file.numbers]
    numbers += [
        one.record["number"].replace("-", "").replace(".", "") for one in court.published if one.case_file is None
    ]
    assert not [number for number, count in Counter(numbers).items() if count > 1]
    assert sum(len(file.numbers) > 1 for file in court.case_files) >= 3


def test_criminal_and_electoral_numbers(court: Court) -> None:
    """Criminal appeals are numbered from 80.000, elections from 60.000, the others below."""
    for file in court.case_files:
        place = int(file.number[2:])
        if file.chamber == "cr":
            assert 80000 <= place < 88000
        elif file.question == "elections-parite":
            assert 60000 <= place < 61000
        else:
            assert 10000 <= place < 26000


def test_stages_follow_each_other_within_their_terms(court: Court) -> None:
    """A file's past stages are in order, none after today, and memorials came within the legal terms."""
    for file in court.case_files:
        past = [stage.on for stage in file.stages if stage.on is not None and stage.kind != "avis"]
        assert past == sorted(past), file.title
        assert all(day <= TODAY for day in past)
        declared, filed, answered = (on(file, kind) for kind in ("declaration", "memoire_ampliatif", "memoire_defense"))
        assert declared is not None
        assert file.contested_on <= declared <= add_months(file.contested_on, 2)
        if filed:
            assert filed <= add_months(declared, 4)
        if filed and answered:
            assert answered <= add_months(filed, 2)


def test_coming_hearings(court: Court) -> None:
    """Several files come to a hearing in the next weeks, and a judged file was heard before it was judged."""
    coming = [file for file in court.case_files if file.state == "audience"]
    assert len(coming) >= 8
    for file in coming:
        assert file.hearing is not None
        assert TODAY < file.hearing <= TODAY + timedelta(days=100)
    for file in court.case_files:
        judged = on(file, "arret")
        assert (judged is not None) == (file.state == "juge")
        if judged:
            assert file.hearing is not None
            assert file.hearing < judged


def test_matters_of_liberty_are_within_three_months(court: Court) -> None:
    """A file on detention is due for judgment within three months of its reception."""
    files = [file for file in court.case_files if file.matter == "Détention provisoire"]
    assert files
    for file in files:
        due = next(stage.due for stage in file.stages if stage.kind == "arret")
        assert due is not None
        assert file.hearing is not None
        assert TODAY < file.hearing <= due


def test_formations(court: Court) -> None:
    """A file with a rapporteur has a whole formation of its own chamber, and two conseillers beside the rapporteur."""
    for file in court.case_files:
        if not file.roles:
            assert file.state == "instruction"
            continue
        held = Counter(one.role for one in file.roles)
        assert held["rapporteur"] == held["doyen"] == held["president"] == held["avocat_general"] == 1
        assert held["conseiller"] == 2
        assert all(file.chamber in court.member(one.member).chambers for one in file.roles)
        assert file.holder("rapporteur") not in [one.member for one in file.roles if one.role == "conseiller"]


def test_pieces_hold_text(court: Court) -> None:
    """Every piece has words, no unfilled token, an author or counsel where one wrote it, and a day that has come."""
    numbers = {file.number for file in court.case_files}
    for piece in court.pieces:
        assert len(piece.text.split()) >= 30, piece.title
        assert not re.search(r"[{}]|\[\[", piece.text), piece.title
        assert piece.case_file in numbers
        assert piece.date <= TODAY
        assert piece.deposited == (piece.media != "draft")
        if piece.kind in {"rapport", "note", "projet_arret", "avis_ag"}:
            assert piece.author is not None
    assert len({piece.id for piece in court.pieces}) == len(court.pieces)
    assert sum(not piece.deposited for piece in court.pieces) >= 40


def test_pieces_differ(court: Court) -> None:
    """No two pieces are the same text, and few openings repeat."""
    texts = Counter(piece.text for piece in court.pieces)
    assert not [text[:80] for text, count in texts.items() if count > 1]


def test_french_agreement(court: Court) -> None:
    """No text holds a contraction or an elision that French forbids."""
    wrong = re.compile(
        r"\b(?:à le syndicat|de le syndicat|de le ministère|que il|que elle|de annuler|de infirmer|si il)\b"
    )
    for piece in court.pieces:
        assert not wrong.search(piece.text), (piece.title, wrong.search(piece.text))


def test_published_records(court: Court) -> None:
    """A published decision has what the ingest needs, hides natural persons, and its zones cover its text."""
    seen = set()
    for one in court.published:
        record = one.record
        assert re.fullmatch(r"[0-9a-f]{24}", record["id"])
        assert record["jurisdiction"] == "cc"
        assert record["solution"] in {"rejet", "cassation"}
        assert record["formation"] in {"f", "fs"}
        code, year = ECLI_CODES[record["chamber"]], record["decision_date"][:4]
        assert re.fullmatch(rf"ECLI:FR:CCASS:{year}:{code}\d{{5}}", record["ecli"])
        seen.add(record["ecli"])
        text, zones = record["text"], record["zones"]
        spans = sorted((span["start"], span["end"]) for parts in zones.values() for span in parts)
        assert spans[0][0] == 0
        assert spans[-1][1] == len(text)
        assert all(after[0] - before[1] == 2 for before, after in pairwise(spans))
        assert "PAR CES MOTIFS" in text[zones["dispositif"][0]["start"] :]
        assert record["number"] in text
    assert len(seen) == len(court.published)


def test_published_version_hides_the_parties(court: Court) -> None:
    """The published version of a judged file names no natural person of the case, while the original does."""
    checked = 0
    for one in court.published:
        if one.case_file is None:
            continue
        file = next(file for file in court.case_files if file.number == one.case_file)
        original = next(piece for piece in court.pieces_of(file.number) if piece.kind == "arret")
        for party in file.parties:
            if party.name.startswith(("M. ", "Mme ")):
                surname = party.name.split(" ", 2)[2]
                assert surname not in one.record["text"]
                assert surname in original.text
                checked += 1
    assert checked >= 5


def test_cited_precedents_exist(court: Court) -> None:
    """A precedent that a report cites is among the published decisions."""
    known = {one.record["number"] for one in court.published}
    cited = [
        number
        for piece in court.pieces
        if piece.kind == "rapport"
        for number in re.findall(r"pourvoi\sn°\s(\d\d-\d\d\.\d{3}), publié", piece.text)
    ]
    assert len(cited) > 40
    assert set(cited) <= known
    assert all(show_number(file.number) not in cited for file in court.case_files)


def test_exhibits_are_all_used() -> None:
    """Every template of exhibit serves a question, and every question's exhibits have a template."""
    asked = {key for question in questions() for key in question.exhibits}
    assert asked == set(exhibits())


@pytest.mark.corpora
def test_articles_stand_in_their_codes(corpora: Path) -> None:
    """Every article that a question names exists in that code."""
    path = corpora / "codes" / "articles.jsonl.gz"
    wanted = {key for question in questions() for key in question.articles}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            wanted.discard(f"{article['code'].lower()}#{article['num']}")
    assert not wanted
