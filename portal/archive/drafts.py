"""Drafts (*projets*): opened blank, shared by invitation, deposited when their author says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from ingest.extraction import Extraction, Zone
from portal.archive.case_files import new_id
from portal.archive.documents import Documents
from portal.archive.feeding import narrow, touch, widen
from portal.archive.reading import pack
from portal.journal.journal import append
from portal.nouns.errors import NotAllowed, NotFound, PortalError
from portal.nouns.kinds import DRAFTABLE, KINDS
from portal.nouns.member import Member
from portal.plugin import Access, Rendition
from portal.policy.clearances import Clearances
from portal.policy.policy import Action
from portal.store.database import Database
from portal.store.tables import AppealRow, CaseFileRow, DocumentRow, InvitationRow, MemberRow, ReadingRow, now

DRAFT_MEDIA_TYPE = "application/vnd.minutier.draft"
ZONES = {
    "introduction": "introduction",
    "faits et procedure": "expose",
    "expose": "expose",
    "examen des moyens": "moyens",
    "examen du moyen": "moyens",
    "enonce du moyen": "moyens",
    "reponse de la cour": "motivations",
    "motivations": "motivations",
    "discussion": "motivations",
    "par ces motifs": "dispositif",
    "dispositif": "dispositif",
    "annexes": "annexes",
}
"""Headings of a draft, folded, to the zone that they open."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A colleague in a draft, with what they may do there."""

    member: str
    name: str
    access: Access


class Drafts:
    def __init__(self, database: Database, clearances: Clearances, documents: Documents) -> None:
        self._database = database
        self._clearances = clearances
        self._documents = documents

    def open(self, member: Member, kind: str, case_file: str | None = None, title: str = "") -> str:
        """« Nouveau projet »: a blank draft of this kind, its author's alone. Returns its id."""
        if kind not in DRAFTABLE:
            offered = ", ".join(DRAFTABLE)
            raise PortalError(f"Ce genre de projet n'existe pas. Choisissez parmi : {offered}.")
        if "administrateur" in member.roles:
            raise NotAllowed("L'administration du système n'ouvre pas de projet.")
        with self._database.write() as session:
            number = ""
            if case_file is not None:
                held = session.get(CaseFileRow, case_file)
                if held is None or not self._clearances.may_know(session, member, held):
                    raise NotFound
                first = session.exec(
                    select(AppealRow).where(AppealRow.case_file_id == case_file).order_by(col(AppealRow.position))
                ).first()
                number = first.number if first else ""
            about: dict[str, Any] = {"kind": kind, "numbers": [number] if number else []}
            row = DocumentRow(
                id=new_id(),
                case_file_id=case_file,
                kind=kind,
                title=title.strip()[:300] or KINDS[kind],
                state="redaction",
                author_id=member.id,
                draft=True,
                about=about,
            )
            session.add(row)
            append(session, member.id, "projet.ouverture", row.id)
            touch(session, row.id)
            return row.id

    def invite(self, member: Member, document: str, colleague: str, access: Access) -> None:
        """« Inviter » a colleague. Inviting again changes what they may do."""
        with self._database.write() as session:
            row = self._documents.get(session, member, document, Action.INVITE)
            invited = session.get(MemberRow, colleague)
            if invited is None or not invited.active or "administrateur" in invited.roles:
                raise PortalError("Cette personne ne peut pas être invitée. Choisissez un membre de la cour.")
            session.merge(
                InvitationRow(document_id=row.id, member_id=colleague, access=access.value, by=member.id, created=now())
            )
            append(session, member.id, "projet.invitation", document, f"{colleague}:{access.value}")
            widen(session, document)

    def uninvite(self, member: Member, document: str, colleague: str) -> None:
        """Close the draft to a colleague: no frame and no hit reaches them once this returns."""
        with self._database.write() as session:
            self._documents.get(session, member, document, Action.INVITE)
            held = session.get(InvitationRow, (document, colleague))
            if held is None:
                return
            session.delete(held)
            append(session, member.id, "projet.retrait", document, colleague)
            narrow(session, document)

    def invited(self, session: Session, document: str) -> list[Invited]:
        rows = session.exec(
            select(InvitationRow, MemberRow)
            .join(MemberRow, col(MemberRow.id) == col(InvitationRow.member_id))
            .where(InvitationRow.document_id == document)
            .order_by(MemberRow.surname)
        ).all()
        return [Invited(m.id, f"{m.civility} {m.surname}", Access(i.access)) for i, m in rows]

    def deposit(self, member: Member, document: str) -> None:
        """« Déposer »: whoever the table names may now read it; nobody writes in it any more."""
        with self._database.write() as session:
            row = self._documents.get(session, member, document, Action.DEPOSIT)
            if row.deposited or not row.draft:
                raise PortalError("Ce document est déjà déposé.")
            row.deposited, row.state, row.changed = True, "depose", now()
            session.add(row)
            append(session, member.id, "projet.depot", document)
            widen(session, document)

    def circulate(self, member: Member, document: str) -> None:
        """« Faire circuler »: the formation may read the note or the draft."""
        with self._database.write() as session:
            row = self._documents.get(session, member, document, Action.CIRCULATE)
            row.circulated = True
            session.add(row)
            append(session, member.id, "projet.circulation", document)
            widen(session, document)

    def rename(self, member: Member, document: str, title: str) -> None:
        with self._database.write() as session:
            row = self._documents.get(session, member, document, Action.WRITE)
            row.title = title.strip()[:300] or KINDS[row.kind]
            session.add(row)
            append(session, member.id, "projet.titre", document)
            touch(session, document)

    def render(self, rendition: Rendition) -> None:
        """Keep the draft's current text for the index and the readers; an older one is ignored."""
        with self._database.write() as session:
            row = session.get(DocumentRow, rendition.draft)
            if row is None:
                return
            held = session.get(ReadingRow, rendition.draft)
            if held is not None and held.upto >= rendition.upto:
                return
            body = pack(extraction_of(rendition))
            session.merge(ReadingRow(id=row.id, document_id=row.id, body=body, upto=rendition.upto))
            row.changed, row.textless = now(), not rendition.text.strip()
            session.add(row)
            touch(session, row.id)

    def rendered(self) -> dict[str, int]:
        """The last log sequence that each draft's rendition contains."""
        with self._database.read() as session:
            rows = session.exec(
                select(DocumentRow.id, ReadingRow.upto)
                .join(ReadingRow, col(ReadingRow.id) == col(DocumentRow.id))
                .where(col(DocumentRow.draft).is_(True))
            ).all()
            return dict(rows)


def extraction_of(rendition: Rendition) -> Extraction:
    """The rendition as a reading: blocks become zones where their name is one of the court's headings."""
    zones: list[Zone] = []
    parts: list[str] = []
    at = 0
    for name, body in rendition.blocks:
        zone = ZONES.get(_fold(name))
        if zone and body:
            zones.append(Zone(zone, at, at + len(body)))
        parts.append(body)
        at += len(body) + 1
    return Extraction(media_type=DRAFT_MEDIA_TYPE, text="\n".join(parts), zones=tuple(zones))


def _fold(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèêàçùôî", "eeeacuoi"))
    return re.sub(r"\s+", " ", plain).strip(" :.0123456789")
