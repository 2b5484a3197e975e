"""The archive's promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from portal.archive.case_files import CaseFiles
from portal.nouns.case_file import CaseRole, NewCaseFile
from portal.nouns.errors import Conflict, NotAllowed, NotFound
from portal.plugin import Access, Rendition
from portal.policy.policy import Action
from portal.store.schema import differences, upgrade
from portal.store.tables import DenialRow, DocumentRow, RevisionRow, VersionRow
from tests.portal.conftest import Court, published


def titles(court: Court, member: str, case_file: str) -> set[str]:
    with court.database.read() as session:
        return {row.id for row in court.documents.in_case_file(session, court.member(member), case_file)}


def test_migrations_and_tables_agree(court: Court) -> None:
    """The migrations make exactly the tables that the code reads, and may be applied again."""
    upgrade(court.database)
    assert differences(court.database) == []


def test_same_bytes_are_deposited_once(court: Court) -> None:
    """Depositing the same bytes in the same case file again changes nothing."""
    case = court.open_case()
    first = court.deposit("Mémoire", case_file=case)
    again = court.deposit("Mémoire", case_file=case)
    assert (first.new, again.new, again.document) == (True, False, first.document)


def test_undeposited_piece_is_never_named_to_another(court: Court) -> None:
    """Someone who deposits the same bytes as a colleague's secret piece gets a document of their own."""
    case = court.open_case()
    secret = court.deposit("Note", case_file=case, by="rapporteur", kind="note", deposited=False)
    other = court.deposit("Note", case_file=case, by="greffe")
    assert other.new
    assert other.document != secret.document


def test_published_decision_opens_then_joins_its_case_file(court: Court) -> None:
    """A decision opens a case file for its number; a second decision of that number joins it."""
    one = court.deposit("Arrêt", metadata=published("ECLI:FR:CCASS:2022:C100387", ("2112345",)), by="")
    two = court.deposit("Rabat", metadata=published("ECLI:FR:CCASS:2023:C100001", ("2112345",)), by="")
    assert one.case_file is not None
    assert one.case_file == two.case_file == court.case_files.by_number("2112345")


def test_two_files_with_one_ecli_are_two_versions(court: Court) -> None:
    """Two files of one decision are versions of it; the better source leads, whichever came first."""
    ecli = "ECLI:FR:CCASS:2023:C201000"
    one = court.deposit("de Judilibre", metadata=published(ecli, source="jurinet"), by="")
    two = court.deposit("de la DILA", metadata=published(ecli, source="dila"), by="")
    assert one.document == two.document
    with court.database.read() as session:
        row = session.get(DocumentRow, one.document)
        assert row is not None
        reading = court.documents.reading(session, row)
        assert reading is not None
        assert reading.text == "de Judilibre"
        assert len(session.exec(select(VersionRow).where(VersionRow.document_id == row.id)).all()) == 2


def test_a_deposited_file_never_takes_a_published_decisions_labels(court: Court) -> None:
    """A file that bears a published decision's ECLI stays the greffe's, apart from it."""
    decision = court.deposit("Arrêt", metadata=published("ECLI:FR:CCASS:2022:C100387"), by="")
    from dataclasses import replace

    claimed = replace(published("ECLI:FR:CCASS:2022:C100387"), published=False, source="file")
    original = court.deposit("Arrêt non occulté", metadata=claimed)
    assert original.document != decision.document
    with court.database.read() as session:
        with pytest.raises(NotFound):
            court.documents.get(session, court.member("rapporteur"), original.document)
        assert court.documents.get(session, court.member("greffe"), original.document).id == original.document


def test_case_number_is_opened_once(court: Court) -> None:
    """A second file for a number of the court is refused with a sentence."""
    court.open_case()
    with pytest.raises(Conflict, match="déjà ce numéro"):
        court.open_case()


def test_case_file_completes_what_a_decision_made_known(court: Court) -> None:
    """Opening a file whose decision is published already keeps the decision in it."""
    decision = court.deposit("Arrêt", metadata=published("ECLI:FR:CCASS:2022:C100387", ("2112345",)), by="")
    assert court.open_case() == decision.case_file
    assert decision.document in titles(court, "rapporteur", str(decision.case_file))


def test_revisions_never_commit_out_of_order(court: Court) -> None:
    """Deposits from many threads get revisions without a gap or a twin, so that the feed misses none."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: court.deposit(f"pièce {n}"), range(40)))
    with court.database.read() as session:
        revisions = sorted(session.exec(select(RevisionRow.revision)).all())
    assert revisions == list(range(1, len(revisions) + 1))
    assert len(revisions) == 40


def test_member_removed_from_a_file_loses_it_at_once(court: Court) -> None:
    """Once a part is taken away, the member's list, door and labels forget the file."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    assert piece in titles(court, "doyen", case)
    court.case_files.unassign(case, CaseRole("doyen", "doyen"), "greffe")
    assert titles(court, "doyen", case) == set()
    with court.database.read() as session, pytest.raises(NotFound):
        court.documents.get(session, court.member("doyen"), piece)


def test_draft_is_its_authors_until_shared(court: Court) -> None:
    """A new draft is seen by its author alone, then by whom they invite, and no longer once they are shut out."""
    case = court.open_case()
    author, colleague = court.member("rapporteur"), court.member("doyen")
    draft = court.drafts.open(author, "note", case)
    assert draft in titles(court, "rapporteur", case)
    assert draft not in titles(court, "doyen", case)
    court.drafts.invite(author, draft, "doyen", Access.WRITE)
    assert draft in titles(court, "doyen", case)
    with court.database.read() as session:
        assert court.documents.get(session, colleague, draft, Action.WRITE)
    court.drafts.uninvite(author, draft, "doyen")
    assert draft not in titles(court, "doyen", case)
    with court.database.read() as session:
        assert draft in court.clearances.sight(session, None).denied


def test_only_the_author_invites(court: Court) -> None:
    """An invited colleague cannot open the draft to others; a stranger cannot tell it exists."""
    author = court.member("rapporteur")
    draft = court.drafts.open(author, "rapport")
    court.drafts.invite(author, draft, "doyen", Access.WRITE)
    with pytest.raises(NotAllowed):
        court.drafts.invite(court.member("doyen"), draft, "sder", Access.READ)
    with pytest.raises(NotFound):
        court.drafts.invite(court.member("sder"), draft, "sder", Access.READ)


def test_deposited_report_is_read_by_all_and_written_by_none(court: Court) -> None:
    """Deposit opens a rapport to the table's readers and closes it to writing, its author included."""
    case = court.open_case()
    author = court.member("rapporteur")
    draft = court.drafts.open(author, "rapport", case)
    court.drafts.deposit(author, draft)
    assert draft in titles(court, "sder", case)
    with court.database.read() as session, pytest.raises(NotAllowed):
        court.documents.get(session, author, draft, Action.WRITE)


def test_draft_of_an_unseen_case_file_is_refused_like_a_missing_one(court: Court) -> None:
    """Opening a draft in a file one may not see answers as if there were no such file."""
    case = court.open_case()
    for wanted in (case, "0" * 32):
        with pytest.raises(NotFound):
            court.drafts.open(court.member("autre"), "note", wanted)


def test_deletion_can_be_undone(court: Court) -> None:
    """A deleted piece is out of every list, hidden from searches, and comes back whole."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    court.documents.delete(court.member("greffe"), piece)
    assert piece not in titles(court, "rapporteur", case)
    with pytest.raises(NotFound):
        court.documents.restore(court.member("doyen"), piece)
    court.documents.restore(court.member("greffe"), piece)
    assert piece in titles(court, "rapporteur", case)


def test_inbox_piece_is_filed_by_the_greffe_alone(court: Court) -> None:
    """A piece without a file waits with a proposed one; the greffe files it, nobody else can."""
    from ingest.extraction import Metadata, Value

    case = court.open_case()
    metadata = Metadata(kind=Value("memoire", False, "essai"), numbers=(Value("2112345", False, "en-tête"),))
    piece = court.deposit("Mémoire", metadata=metadata).document
    with court.database.read() as session:
        (row,) = court.documents.inbox(session, court.member("greffe"))
        assert row.proposed_id == case
        assert court.documents.inbox(session, court.member("rapporteur")) == []
    with pytest.raises(NotFound):
        court.documents.file(court.member("rapporteur"), piece, case)
    court.documents.file(court.member("greffe"), piece, case)
    assert piece in titles(court, "rapporteur", case)


def test_public_sheet_tells_nothing_of_the_courts_file(court: Court) -> None:
    """Who sees a published decision alone sees the same sheet with and without the court's own file."""
    decision = court.deposit("Arrêt", metadata=published("ECLI:FR:CCASS:2022:C100387", ("2112345",)), by="")
    outsider = court.member("autre")

    def sheet() -> object:
        with court.database.read() as session:
            return court.case_files.sheet(session, outsider, str(decision.case_file))

    before = sheet()
    case = court.open_case()
    court.deposit("Mémoire secret", case_file=case)
    assert sheet() == before


def test_rendition_older_than_the_one_held_is_ignored(court: Court) -> None:
    """Renditions that arrive late never undo a newer text."""
    draft = court.drafts.open(court.member("rapporteur"), "note")
    court.drafts.render(Rendition(draft, "neuf", (("", "neuf"),), 5))
    court.drafts.render(Rendition(draft, "vieux", (("", "vieux"),), 4))
    with court.database.read() as session:
        row = session.get(DocumentRow, draft)
        assert row is not None
        reading = court.documents.reading(session, row)
    assert reading is not None
    assert reading.text == "neuf"


def test_narrowing_denies_until_indexed(court: Court) -> None:
    """A narrowed document is in the deny set under the revision that the feed must reach."""
    piece = court.deposit("Mémoire", case_file=court.open_case()).document
    court.documents.delete(court.member("greffe"), piece)
    with court.database.read() as session:
        denial = session.get(DenialRow, piece)
        assert denial is not None
        assert (
            denial.revision == session.exec(select(RevisionRow.revision).where(RevisionRow.subject == piece)).all()[-1]
        )


def test_my_files_are_listed_by_hearing(court: Court) -> None:
    """« Mes dossiers » lists the member's files, the next hearing first, those without one last."""
    from datetime import date

    role = (CaseRole("rapporteur", "rapporteur"),)
    days = {"2100001": date(2026, 3, 14), "2100002": None, "2100003": date(2026, 1, 9)}
    for number, day in days.items():
        court.case_files.open(NewCaseFile(numbers=(number,), roles=role, hearing=day), "greffe")
    assert isinstance(court.case_files, CaseFiles)
    with court.database.read() as session:
        mine = court.case_files.mine(session, court.member("rapporteur"))
    assert [sheet.numbers[0] for sheet in mine] == ["2100003", "2100001", "2100002"]
