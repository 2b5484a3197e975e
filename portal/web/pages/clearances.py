"""Clearances (*habilitations*): what one holds, who sees a document and why, changes with their effect told first."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.archive import reviewing
from portal.nouns.clearance import (
    GROUP_KINDS,
    SEATS,
    Change,
    Group,
    NewBench,
    NewDelegation,
    NewException,
    NewPlace,
    NewSeat,
    NewWall,
)
from portal.nouns.errors import NotFound, PortalError
from portal.nouns.member import Member
from portal.policy.policy import Action
from portal.policy.table import AUDIENCES
from portal.store.tables import GroupRow, now
from portal.web import words
from portal.web.numbers import written_number
from portal.web.pages.asking import fields, reader, see
from portal.web.pages.templating import render
from portal.web.portal import Portal, portal_of
from portal.web.session import require_recent

NOBODY = "Personne ne porte ce nom à la cour. Choisissez un nom dans la liste puis recommencez ; rien n'a été changé."
NO_FILE = "Aucun dossier ouvert ne porte ce numéro. Vérifiez-le puis recommencez ; rien n'a été changé."
NO_DAY = "Indiquez la fin sous la forme AAAA-MM-JJ, ou avec le calendrier."
NATURES = {
    "affectation": "Affecter à un groupe",
    "attribution": "Attribuer un dossier",
    "formation": "Porter un dossier devant une formation",
    "exception": "Habiliter à titre particulier",
    "delegation": "Déléguer",
    "deport": "Élever un mur de déport",
}
"""Kinds of change, with the title of their form."""


def overview(request: Request) -> Response:
    """`GET /habilitations`: what the member holds and lends; for who manages clearances, all there is to look at."""
    portal, member = portal_of(request), reader(request)
    manages = portal.clearances.policy.may_manage(member)
    if manages and request.query_params.get("membre"):
        return see(f"/habilitations/membres/{_member(portal, request.query_params['membre'])}")
    with portal.database.read() as session:
        context: dict[str, Any] = {
            "held": portal.explaining.sees_what(session, member),
            "lent": reviewing.lent_by(session, member.id),
            "alerts": reviewing.alerts(session, portal.clearances, member),
            "manages": manages,
            "urgent": portal.clearances.policy.may_take_emergency(member),
        }
        if manages:
            context |= _review(session)
    return render(request, "clearances.html", {**context, **_forms(portal), "done": request.query_params.get("fait")})


def person(request: Request) -> Response:
    """`GET /habilitations/membres/{id}`: what this person can see, and why (for who manages clearances)."""
    portal, member = portal_of(request), reader(request)
    _must_manage(portal, member)
    subject = portal.people.get(request.path_params["id"])
    if subject is None:
        raise NotFound
    with portal.database.read() as session:
        context = {
            "subject": subject,
            "held": portal.explaining.sees_what(session, subject),
            "memberships": reviewing.places_of(session, subject.id),
            "grants": [*reviewing.held_by(session, subject.id), *reviewing.lent_by(session, subject.id)],
            "walls": reviewing.walls(session, subject.id),
        }
    portal.journal.record(member.id, "habilitations.lecture", subject.id)
    return render(request, "clearance_person.html", {**context, **_forms(portal)})


def group(request: Request) -> Response:
    """`GET /habilitations/groupes/{id}`: who belongs to it (for who manages clearances)."""
    portal, member = portal_of(request), reader(request)
    _must_manage(portal, member)
    with portal.database.read() as session:
        row = session.get(GroupRow, request.path_params["id"])
        if row is None:
            raise NotFound
        members = reviewing.members_of(session, row.id)
    portal.journal.record(member.id, "habilitations.lecture", row.id)
    return render(request, "clearance_group.html", {"group": row, "members": members, **_forms(portal)})


def viewers(request: Request) -> Response:
    """`GET /documents/{id}/habilitations`: who can see this document, and why."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"], Action.KNOW)
        if not portal.explaining.may_ask(session, member, row):
            raise NotFound
        found = portal.explaining.who_sees(session, row)
    portal.journal.record(member.id, "habilitations.lecture", row.id)
    return render(request, "clearance_viewers.html", {"row": row, "found": found})


async def change(request: Request) -> Response:
    """`POST /habilitations/changements`: with `confirme`, made; without, its effect is shown first."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    asked = await run_in_threadpool(_read, portal, member, form)
    if form.get("confirme"):
        await run_in_threadpool(portal.clearing.apply, member, asked)
        return see("/habilitations?fait=1")
    effect = await run_in_threadpool(portal.explaining.simulate, member, asked)
    kept = {name: value for name, value in form.items() if name != "csrf"}
    title = NATURES[form["nature"]]
    return await run_in_threadpool(
        render, request, "clearance_effect.html", {"effect": effect, "kept": kept, "title": title}
    )


async def end(request: Request) -> Response:
    """`POST /habilitations/retraits` with `nature` (habilitation, affectation, deport, attribution) and `id`."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    await run_in_threadpool(_end, portal, member, form)
    return see("/habilitations?fait=1")


async def add_group(request: Request) -> Response:
    """`POST /habilitations/groupes` with `genre` and `nom`."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    made = Group(f"{form.get('genre', '')}:{_slug(form.get('nom', ''))}", form.get("genre", ""), form.get("nom", ""))
    await run_in_threadpool(portal.clearing.add_group, member, made)
    return see(f"/habilitations/groupes/{made.id}")


async def answer(request: Request) -> Response:
    """`POST /habilitations/alertes/{id}`: someone has seen the emergency."""
    portal, member = portal_of(request), reader(request)
    await fields(request)
    await run_in_threadpool(portal.clearing.answer, member, request.path_params["id"])
    return see("/habilitations?fait=1")


def emergency(request: Request) -> Response:
    """`GET /urgence`: the form, for those whose function may take it, once they proved anew who they are."""
    portal, member = portal_of(request), reader(request)
    if not portal.clearances.policy.may_take_emergency(member):
        raise NotFound
    require_recent(request, "/urgence")
    rule = portal.clearances.policy.table.emergency
    return render(request, "emergency.html", {"hours": round(rule.life / timedelta(hours=1), 1)})


async def take_emergency(request: Request) -> Response:
    """`POST /urgence` with `numero` and `motif`."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    await run_in_threadpool(require_recent, request, "/urgence")
    number = written_number(form.get("numero", "")) or form.get("numero", "")[:40]
    case_file = await run_in_threadpool(portal.clearing.emergency, member, number, form.get("motif", ""))
    return see(f"/dossiers/{case_file}")


def _review(session: Session) -> dict[str, Any]:
    grants = reviewing.live(session)
    return {
        "grants": grants,
        "soon": {one.id for one in grants if one.ends < now() + reviewing.SOON},
        "unused": reviewing.unused(session),
        "groups": reviewing.groups(session),
        "walls": reviewing.walls(session),
    }


def _forms(portal: Portal) -> dict[str, Any]:
    """What the forms of change offer."""
    with portal.database.read() as session:
        offered = reviewing.groups(session)
    return {
        "NATURES": NATURES,
        "GROUP_KINDS": GROUP_KINDS,
        "SEATS": SEATS,
        "AUDIENCES": sorted(AUDIENCES - {"delibere"}),
        "colleagues": portal.people.all(),
        "offered": offered,
    }


def _must_manage(portal: Portal, member: Member) -> None:
    if not portal.clearances.policy.may_manage(member):
        raise NotFound


def _read(portal: Portal, by: Member, form: dict[str, str]) -> Change:
    """The change that a form asks for. Raises PortalError, with a sentence that says what is missing."""
    match form.get("nature", ""):
        case "affectation":
            ends = _day(form["fin"]) if form.get("fin") else None
            return NewPlace(
                group=form.get("groupe", ""),
                member=_member(portal, form.get("membre", "")),
                reason=form.get("motif", ""),
                function=form.get("part", ""),
                seconded=bool(form.get("detachement")),
                ends=ends,
            )
        case "attribution":
            return NewSeat(
                member=_member(portal, form.get("membre", "")),
                case_file=_case_file(portal, form),
                role=form.get("part", ""),
            )
        case "formation":
            return NewBench(case_file=_case_file(portal, form), formation=form.get("groupe") or None)
        case "exception":
            return NewException(
                member=_member(portal, form["membre"]) if form.get("membre") else None,
                group=form.get("groupe") or None if not form.get("membre") else None,
                document=form.get("document") or None,
                case_file=_case_file(portal, form) if not form.get("document") else None,
                audience=form.get("qualite", "") if not form.get("document") else "",
                reason=form.get("motif", ""),
                ends=_day(form.get("fin", "")),
            )
        case "delegation":
            return NewDelegation(
                origin=_member(portal, form["pour"]) if form.get("pour") else by.id,
                member=_member(portal, form.get("membre", "")),
                case_file=_case_file(portal, form) if form.get("numero") else None,
                reason=form.get("motif", ""),
                ends=_day(form.get("fin", "")),
            )
        case "deport":
            return NewWall(
                member=_member(portal, form.get("membre", "")),
                case_file=_case_file(portal, form),
                reason=form.get("motif", ""),
            )
    raise PortalError(f"Indiquez la nature du changement : {', '.join(NATURES)}.")


def _end(portal: Portal, by: Member, form: dict[str, str]) -> None:
    target = form.get("id", "")
    match form.get("nature", ""):
        case "habilitation":
            portal.clearing.withdraw(by, target)
        case "affectation":
            portal.clearing.end_place(by, target)
        case "deport":
            portal.clearing.lift(by, target)
        case "attribution":
            seat = NewSeat(
                member=_member(portal, form.get("membre", "")),
                case_file=_case_file(portal, form),
                role=form.get("part", ""),
            )
            portal.clearing.unseat(by, seat)
        case _:
            raise PortalError("Indiquez ce qui prend fin.")


def _member(portal: Portal, written: str) -> str:
    found = next((one for one in portal.people.all() if written.strip() in {one.id, words.picked(one)}), None)
    if found is None:
        raise PortalError(NOBODY)
    return found.id


def _case_file(portal: Portal, form: dict[str, str]) -> str:
    found = portal.case_files.by_number(written_number(form.get("numero", "")))
    if found is None:
        raise PortalError(NO_FILE)
    return found


def _day(written: str) -> datetime:
    """The end of the day written AAAA-MM-JJ, on the court's clock."""
    try:
        return datetime.combine(datetime.fromisoformat(written).date(), time(23, 59, 59)).astimezone()
    except ValueError as error:
        raise PortalError(NO_DAY) from error


def _slug(name: str) -> str:
    kept = "".join(char.lower() if char.isalnum() else "-" for char in name.strip())
    return "-".join(part for part in kept.split("-") if part)[:60]


routes: list[BaseRoute] = [
    Route("/habilitations", overview, methods=["GET"]),
    Route("/habilitations/membres/{id}", person, methods=["GET"]),
    Route("/habilitations/groupes/{id}", group, methods=["GET"]),
    Route("/habilitations/groupes", add_group, methods=["POST"]),
    Route("/habilitations/changements", change, methods=["POST"]),
    Route("/habilitations/retraits", end, methods=["POST"]),
    Route("/habilitations/alertes/{id}", answer, methods=["POST"]),
    Route("/documents/{id}/habilitations", viewers, methods=["GET"]),
    Route("/urgence", emergency, methods=["GET"]),
    Route("/urgence", take_emergency, methods=["POST"]),
]
