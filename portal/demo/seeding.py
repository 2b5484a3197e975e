"""Puts the invented court into an archive: files through the sandbox, drafts through the editor's log."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from io import BytesIO
from itertools import islice

from ingest import Unreadable, Workers
from portal.app import Archive, find_editor, open_update_log
from portal.archive.documents import Deposit
from portal.archive.quarantine import Held
from portal.archive.reviewing import members_of
from portal.demo import shapes
from portal.demo.court import generate
from portal.demo.files import render
from portal.nouns.case_file import NewCaseFile
from portal.nouns.clearance import Group, NewPlace
from portal.nouns.kinds import CHAMBERS
from portal.nouns.member import Member
from portal.plugin import Access, Block, Editor
from portal.policy.policy import CHAMBER

TOGETHER = 32
DONE = "demo-court"
"""A file in the home that says the court is whole; without it a seeding that was cut short goes on."""
GREFFE = "greffe"


def seed(archive: Archive, today: date | None = None) -> None:
    """Make the court where there is none; nothing happens where it is whole."""
    done = archive.settings.home / DONE
    if done.exists():
        return
    court = generate(today=today or date.today())  # noqa: DTZ011  (hearings lie around the day on the wall)
    _say(f"Cour de démonstration : {len(court.case_files)} dossiers, {len(court.pieces)} pièces…")
    archive.people.add(Member(m.id, m.civility, m.surname, frozenset(m.roles), m.given_name) for m in court.members)
    _place(archive, court)
    clerk = next(member.id for member in court.members if GREFFE in member.roles)
    case_files = {case.number: _open(archive, case, clerk) for case in court.case_files}
    with Workers(count=archive.settings.workers) as workers, ThreadPoolExecutor(archive.settings.workers) as pool:
        published = pool.map(partial(_published, archive, workers), court.published)
        _deposit(archive, published)
        filed = [piece for piece in court.pieces if piece.deposited]
        _deposit(archive, pool.map(partial(_piece, archive, workers, case_files, clerk), filed))
    editor = find_editor()
    if editor is not None:
        _write_drafts(archive, editor, court, case_files)
    done.write_text("1", "ascii")


def _place(archive: Archive, court: shapes.Court) -> None:
    """Everyone in their chamber's group, by whoever is in charge of clearances."""
    officer = next(archive.people.get(member.id) for member in court.members if "habilitations" in member.roles)
    if officer is None:
        return
    for chamber in sorted({one for member in court.members for one in member.chambers}):
        group = Group(f"{CHAMBER}{chamber}", "chambre", CHAMBERS[chamber][1])
        archive.clearing.add_group(officer, group)
        with archive.database.read() as session:
            there = {placed.member for placed in members_of(session, group.id)}
        for member in court.members:
            if chamber in member.chambers and member.id not in there:
                archive.clearing.apply(officer, NewPlace(group=group.id, member=member.id))


def _open(archive: Archive, case: shapes.CaseFile, clerk: str) -> str:
    """The case file's id, opened now or by a seeding that was cut short."""
    known = archive.case_files.by_number(case.number)
    if known is not None:
        return known
    return archive.case_files.open(
        NewCaseFile(
            numbers=case.numbers,
            chamber=case.chamber,
            formation=case.formation,
            title=case.title,
            contested=case.contested,
            parties=case.parties,
            stages=case.stages,
            roles=case.roles,
            hearing=case.hearing,
            report_due=case.report_due,
        ),
        clerk,
    )


def _published(archive: Archive, workers: Workers, decision: shapes.Published) -> Deposit | None:
    body = json.dumps(decision.record, ensure_ascii=False).encode()
    return _read(archive, workers, body, f"{decision.record['id']}.json")


def _piece(
    archive: Archive, workers: Workers, case_files: dict[str, str], clerk: str, piece: shapes.Piece
) -> Deposit | None:
    suffix, body = render(piece)
    return _read(
        archive,
        workers,
        body,
        f"{piece.title}.{suffix}",
        case_file=case_files[piece.case_file],
        by=piece.author or clerk,
        kind=piece.kind,
        title=piece.title,
        day=piece.date,
    )


def _read(archive: Archive, workers: Workers, body: bytes, name: str, **more: object) -> Deposit | None:
    """The file as a deposit; None where it cannot be read here (no Tesseract): it then waits in quarantine."""
    digest = archive.documents.put(BytesIO(body))
    try:
        extraction = workers.extract(body, name)
    except Unreadable as refusal:
        held = Held(name=name, digest=digest, size=len(body), reason=refusal.reason, sentence=refusal.sentence)
        archive.quarantine.hold(held)
        return None
    return Deposit(
        digest=digest,
        size=len(body),
        name=name,
        extraction=extraction,
        **more,  # type: ignore[arg-type]  # the fields of Deposit, named by the callers above
    )


def _deposit(archive: Archive, deposits: Iterator[Deposit | None]) -> None:
    count = 0
    readable = (deposit for deposit in deposits if deposit is not None)
    while batch := list(islice(readable, TOGETHER)):
        archive.documents.deposit(batch)
        count += len(batch)
        _say(f"  {count} versés")


def _write_drafts(archive: Archive, editor: Editor, court: shapes.Court, case_files: dict[str, str]) -> None:
    """Drafts, each shared with a colleague of its bench; the editor renders them when it starts."""
    log = open_update_log(archive.settings)
    for piece in (piece for piece in court.pieces if not piece.deposited):
        author = archive.people.get(piece.author or "")
        case_file = case_files[piece.case_file]
        if author is None or _stands(archive, author, case_file, piece.title):
            continue
        draft = archive.drafts.open(author, piece.kind, case_file, piece.title)
        update = editor.compose(_blocks(piece.blocks))
        log.append(draft, author.id, update).result()
        colleague = _colleague(court, piece)
        if colleague is not None:
            archive.drafts.invite(author, draft, colleague, Access.WRITE)
    log.close()


def _stands(archive: Archive, author: Member, case_file: str, title: str) -> bool:
    with archive.database.read() as session:
        rows = archive.documents.in_case_file(session, author, case_file)
        return any(row.draft and row.title == title and row.author_id == author.id for row in rows)


def _blocks(blocks: Sequence[shapes.Block]) -> list[Block]:
    return [Block(block.type, block.text, max(1, block.level)) for block in blocks]


def _colleague(court: shapes.Court, piece: shapes.Piece) -> str | None:
    """The doyen reads over the drafts of the bench; notes stay their author's."""
    if piece.kind != "projet_arret":
        return None
    case = next(case for case in court.case_files if case.number == piece.case_file)
    doyen = case.holder("doyen")
    return doyen if doyen != piece.author else case.holder("president")


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()
