"""Case files (*dossiers*): the page of one, « Mes dossiers », deposits and new drafts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ingest.extraction import Unreadable
from ingest.numbers import AppealNumber, InvalidNumber, key_warning
from portal.archive.case_files import CaseSheet
from portal.nouns.case_file import STAGES, Stage
from portal.nouns.document import short_date
from portal.nouns.errors import NotAllowed, PortalError
from portal.nouns.kinds import KINDS
from portal.nouns.member import ROLES, Member
from portal.policy.policy import Action
from portal.store.tables import DocumentRow
from portal.web import words
from portal.web.pages.asking import fields, reader, see, wants_json
from portal.web.pages.templating import days_left, render
from portal.web.portal import Portal, portal_of

DECISIONS = ("arret", "ordonnance", "avis", "qpc", "decision", "saisie")
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Décision", DECISIONS),
    ("Procédure", ("declaration", "arret_attaque", "jugement")),
    ("Mémoires et conclusions", ("memoire_ampliatif", "memoire_defense", "memoire", "conclusions")),
    ("Travail de la cour", ("rapport", "note", "projet_arret", "avis_ag", "deliberation")),
    ("Courriers", ("courrier",)),
    ("Pièces", ("piece", "texte", "other")),
)
"""How the pieces of a file are grouped, in the order of reading."""
_PLACE = {kind: name for name, kinds in GROUPS for kind in kinds}
EMPTY_FILE = "Ce fichier est vide. Rien n'a été déposé ; vérifiez-le sur votre poste puis recommencez."


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as the line draws it: `done`, `now` or `awaited`."""

    name: str
    state: str
    when: date | None
    due: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece as the list shows it; one that is not readable is no link."""

    id: str
    title: str
    notes: str
    marks: tuple[str, ...]
    readable: bool


def case_file(request: Request) -> Response:
    """`GET /dossiers/{id}`."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        sheet = portal.case_files.sheet(session, member, request.path_params["id"])
        rows = portal.documents.in_case_file(session, member, sheet.id)
        readable = {row.id for row in portal.clearances.allowed(session, member, Action.READ, rows)}
    portal.journal.record(member.id, "dossier.lecture", sheet.id)
    today = date.today()  # noqa: DTZ011  (court days are local days)
    return render(
        request,
        "case_file.html",
        {
            "sheet": sheet,
            "heading": heading(sheet),
            "warning": letter_warning(request.query_params.get("numero", ""), sheet),
            "removed": request.query_params.get("supprime", ""),
            "groups": grouped(rows, readable),
            "total": len(rows),
            "steps": steps(sheet.stages, today),
            "due": days_left(sheet.report_due, today) if sheet.report_due else "",
            "late": bool(sheet.report_due and sheet.report_due < today),
            "roles": [(ROLES.get(role, role), name) for role, name in sheet.roles],
            "deposits": sheet.deposits,
            "drafts": sheet.open and "administrateur" not in member.roles,
        },
    )


def my_case_files(request: Request) -> Response:
    """`GET /mes-dossiers`: by hearing date."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        mine = portal.case_files.mine(session, member)
    today = date.today()  # noqa: DTZ011
    rows = [(sheet, days_left(sheet.report_due, today) if sheet.report_due else "") for sheet in mine]
    return render(
        request,
        "my_case_files.html",
        {
            "coming": [row for row in rows if row[0].hearing is not None and row[0].hearing >= today],
            "undated": [row for row in rows if row[0].hearing is None],
            "past": [row for row in reversed(rows) if row[0].hearing is not None and row[0].hearing < today],
        },
    )


async def deposit(request: Request) -> Response:
    """`POST /dossiers/{id}/pieces`: files as multipart `fichiers`; each one succeeds or fails alone."""
    portal, member = portal_of(request), reader(request)
    case_file_id = request.path_params["id"]
    await run_in_threadpool(check_may_deposit, portal, member, case_file_id)
    async with request.form(max_files=500) as form:
        outcomes = [
            await run_in_threadpool(_deposit_one, portal, member, case_file_id, file)
            for file in form.getlist("fichiers")
            if isinstance(file, UploadFile) and file.filename
        ]
    if wants_json(request):
        failed = any(outcome["error"] for outcome in outcomes)
        return JSONResponse({"files": outcomes}, status_code=422 if failed else 201)
    if all(not outcome["error"] for outcome in outcomes):
        return see(f"/dossiers/{case_file_id}")
    return render(request, "deposit_report.html", {"outcomes": outcomes, "back": f"/dossiers/{case_file_id}"}, 422)


async def open_draft(request: Request) -> Response:
    """`POST /dossiers/{id}/projets`: a blank draft of `nature` in this file."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    draft = await run_in_threadpool(
        portal.drafts.open, member, form.get("nature", ""), request.path_params["id"], form.get("titre", "")
    )
    return see(f"/documents/{draft}")


def check_may_deposit(portal: Portal, member: Member, case_file_id: str) -> None:
    """Raises NotFound where the file is not open to the member, NotAllowed where they may read it only."""
    with portal.database.read() as session:
        sheet = portal.case_files.sheet(session, member, case_file_id)
    if not sheet.deposits:
        raise NotAllowed("Vous pouvez lire ce dossier, mais pas y déposer. Remettez la pièce au greffe.")


def _deposit_one(portal: Portal, member: Member, case_file_id: str, file: UploadFile) -> dict[str, str | bool]:
    """One file's outcome: its document, or the sentence that says why not."""
    name = file.filename or ""
    body = file.file.read()
    if not body:
        return {"name": name, "error": EMPTY_FILE}
    try:
        receipt = portal.deposits.deposit(body, name, by=member, case_file=case_file_id)
    except Unreadable as error:
        return {"name": name, "error": error.sentence}
    except PortalError as error:
        return {"name": name, "error": error.sentence}
    return {"name": name, "error": "", "document": receipt.document, "new": receipt.new}


def heading(sheet: CaseSheet) -> str:
    """« X c/ Y », from the parties; the file's own title where it has one."""
    if sheet.title:
        return sheet.title
    sides: dict[str, list[str]] = {}
    for party in sheet.parties:
        sides.setdefault(party.quality, []).append(party.name)
    return " c/ ".join(_side(names) for names in list(sides.values())[:2])


def _side(names: Sequence[str]) -> str:
    if len(names) > 2:
        return f"{names[0]} et autres"
    return " et ".join(names)


def letter_warning(written: str, sheet: CaseSheet) -> str:
    """The sentence for a key letter that is not that of the number typed; empty where all is well."""
    try:
        number = AppealNumber.parse(written)
    except InvalidNumber:
        return ""
    return key_warning(number, written[:1]) if number.digits in sheet.numbers and written[:1].isalpha() else ""


def grouped(rows: Sequence[DocumentRow], readable: Collection[str]) -> list[tuple[str, list[Line]]]:
    """Groups that hold something, in the order of reading; an unknown kind goes with the pieces."""
    held: dict[str, list[Line]] = {name: [] for name, _ in GROUPS}
    for row in rows:
        held[_PLACE.get(row.kind, "Pièces")].append(line_of(row, readable=row.id in readable))
    return [(name, found) for name, found in held.items() if found]


def line_of(row: DocumentRow, *, readable: bool) -> Line:
    kind = KINDS.get(row.kind, row.kind)
    notes = (
        short_date(row.day) if row.day else "",
        f"{row.pages}{words.NBSP}p." if row.pages else "",
        "" if row.title.startswith(kind) else kind,
    )
    marks = (
        "projet" if row.draft and not row.deposited else "",
        "" if readable else "titre seul",
        "sans texte" if row.textless and not row.draft else "",
    )
    return Line(row.id, row.title, " · ".join(filter(None, notes)), tuple(filter(None, marks)), readable)


def steps(stages: Sequence[Stage], today: date) -> list[Step]:
    """The line of stages: what is done, the first that is not, what is awaited."""
    found: list[Step] = []
    current = False
    for stage in stages:
        done = stage.on is not None and stage.on <= today
        state = "done" if done else "awaited" if current else "now"
        current = current or not done
        due = days_left(stage.due, today) if stage.due and not done else ""
        found.append(Step(STAGES.get(stage.kind, stage.kind), state, stage.on or stage.due, due))
    return found


routes: list[BaseRoute] = [
    Route("/mes-dossiers", my_case_files, methods=["GET"]),
    Route("/dossiers/{id}", case_file, methods=["GET"]),
    Route("/dossiers/{id}/pieces", deposit, methods=["POST"]),
    Route("/dossiers/{id}/projets", open_draft, methods=["POST"]),
]
