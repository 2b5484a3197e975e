"""The journal on screen: searched by those entitled, « qui a ouvert » for a file's own people, what stands out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.journal import reading
from portal.journal.unusual import unusual
from portal.nouns.errors import NotFound, PortalError
from portal.nouns.member import Member
from portal.policy.policy import Action
from portal.store.tables import CaseFileRow
from portal.web import words
from portal.web.numbers import written_number
from portal.web.pages.asking import reader
from portal.web.pages.templating import render
from portal.web.portal import Portal, portal_of

ADMINISTRATOR = "administrateur"


def journal(request: Request) -> Response:
    """`GET /journal?membre=&acte=&numero=&du=&au=&avant=`; for the system's administrator, counts and no more."""
    portal, member = portal_of(request), reader(request)
    if ADMINISTRATOR in member.roles:
        with portal.database.read() as session:
            counts = reading.counts(session)
        portal.journal.record(member.id, "journal.comptes", "-")
        return render(request, "journal_counts.html", {"counts": counts})
    if not portal.clearances.policy.may_read_journal(member):
        raise NotFound
    given = request.query_params
    sieve = _sieve(portal, given)
    with portal.database.read() as session:
        lines = reading.entries(session, sieve)
    portal.journal.record(member.id, "journal.lecture", sieve.member or "-")
    following = ""
    if len(lines) == reading.PAGE:
        kept = [(name, value) for name, value in given.items() if name != "avant" and value]
        following = f"/journal?{urlencode([*kept, ('avant', str(lines[-1].sequence))])}"
    context = {"lines": lines, "given": given, "following": following, "colleagues": portal.people.all()}
    return render(request, "journal.html", context)


def review(request: Request) -> Response:
    """`GET /journal/inhabituel`: reading that stands out, for a person to look at."""
    portal, member = portal_of(request), reader(request)
    if not portal.clearances.policy.may_read_journal(member):
        raise NotFound
    with portal.database.read() as session:
        found = unusual(session)
    portal.journal.record(member.id, "journal.lecture", "-")
    return render(request, "journal_unusual.html", {"found": found})


def document(request: Request) -> Response:
    """`GET /documents/{id}/acces`: who opened the document lately, for those who may ask who sees it."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"], Action.KNOW)
        if not portal.explaining.may_ask(session, member, row):
            raise NotFound
        lines = reading.openings_of_document(session, row.id)
    portal.journal.record(member.id, "journal.lecture", row.id)
    context = {"title": row.title, "address": f"/documents/{row.id}", "lines": lines, "what": "ce document"}
    return render(request, "journal_openings.html", context)


def case_file(request: Request) -> Response:
    """`GET /dossiers/{id}/acces`: who opened the file or anything in it lately, for its bench."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        sheet = portal.case_files.sheet(session, member, request.path_params["id"])
        if not _is_of_bench(portal, session, member, sheet.id):
            raise NotFound
        lines = reading.openings_of_case_file(session, sheet.id)
    portal.journal.record(member.id, "journal.lecture", sheet.id)
    context = {"title": sheet.title, "address": f"/dossiers/{sheet.id}", "lines": lines, "what": "ce dossier"}
    return render(request, "journal_openings.html", context)


def _is_of_bench(portal: Portal, session: Session, member: Member, case_file: str) -> bool:
    row = session.get(CaseFileRow, case_file)
    labels = portal.clearances.of(session, member).labels
    own = {f"f:{case_file}:delibere"} | ({f"b:{row.bench_id}:delibere"} if row and row.bench_id else set())
    return bool(labels & own) and f"w:{case_file}" not in labels


def _sieve(portal: Portal, given: Any) -> reading.Sieve:
    """Raises PortalError, with a sentence, for a day, a name or a number that cannot be read."""
    try:
        since = datetime.fromisoformat(given["du"]).astimezone() if given.get("du") else None
        until = datetime.fromisoformat(given["au"]).astimezone() + timedelta(days=1) if given.get("au") else None
        below = int(given["avant"]) if given.get("avant") else None
    except ValueError as error:
        raise PortalError("Écrivez les jours sous la forme AAAA-MM-JJ.") from error
    member = ""
    if given.get("membre"):
        picked = next((m.id for m in portal.people.all() if given["membre"] in {m.id, words.picked(m)}), None)
        if picked is None:
            raise PortalError("Personne ne porte ce nom à la cour. Choisissez un nom dans la liste.")
        member = picked
    subjects: tuple[str, ...] = ()
    if given.get("numero"):
        found = portal.case_files.by_number(written_number(given["numero"]))
        if found is None:
            raise PortalError("Aucun dossier ouvert ne porte ce numéro. Vérifiez-le puis recommencez.")
        subjects = (found,)
    return reading.Sieve(
        member=member, action=given.get("acte", ""), subjects=subjects, since=since, until=until, below=below
    )


routes: list[BaseRoute] = [
    Route("/journal", journal, methods=["GET"]),
    Route("/journal/inhabituel", review, methods=["GET"]),
    Route("/documents/{id}/acces", document, methods=["GET"]),
    Route("/dossiers/{id}/acces", case_file, methods=["GET"]),
]
