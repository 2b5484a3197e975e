"""People and groups as the court's directory lists them (*annuaire*): who joined, changed or left, all at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, delete, select

from portal.identity.roster import set_groups, set_roles
from portal.identity.sign_ins import end
from portal.journal.journal import append
from portal.nouns.errors import PortalError
from portal.nouns.member import ROLES
from portal.policy.clearances import EPOCH
from portal.policy.standing import BENCH
from portal.store.database import Database, take
from portal.store.tables import GroupRow, MemberRow, SignInRow, TokenRow

BY = "annuaire"
COLUMNS = ("identifiant", "civilite", "prenom", "nom", "courriel", "roles", "groupes")
MOST_GONE = 0.2
"""Share of the members that one synchronisation takes away unless it is forced: a cut file is no departure."""
LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the directory."""

    id: str
    civility: str
    given_name: str
    surname: str
    email: str
    roles: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a synchronisation changes, by member id."""

    joined: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    members: int = field(default=0, compare=False)
    """How many were active before."""

    @property
    def too_many_left(self) -> bool:
        return len(self.left) > MOST_GONE * self.members


def read_people(text: str) -> list[Person]:
    """A CSV file, `;` or `,` between columns, `|` between roles and groups. Raises PortalError with the line."""
    if len(text) > LARGEST:
        raise PortalError("Ce fichier dépasse la taille d'un annuaire. Rien n'a été changé.")
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in head else ",")
    missing = set(COLUMNS) - set(rows.fieldnames or ())
    if missing:
        raise PortalError(f"Colonnes absentes : {', '.join(sorted(missing))}. Rien n'a été changé.")
    found: dict[str, Person] = {}
    for row in rows:
        person = _person(row, rows.line_num)
        if person.id in found:
            raise PortalError(f"Ligne {rows.line_num} : {person.id} vient deux fois. Rien n'a été changé.")
        found[person.id] = person
    return list(found.values())


class Directory:
    def __init__(self, database: Database) -> None:
        self._database = database

    def compare(self, people: Sequence[Person]) -> Difference:
        """What `synchronise` would change; nothing of it stays."""
        with self._database.rehearse() as session:
            return self._apply(session, people)

    def synchronise(self, people: Sequence[Person], *, force: bool = False) -> Difference:
        """Make the court's members those of the directory. Who left no longer signs in, from this instant.

        Raises PortalError, with nothing changed, where more than MOST_GONE of the members would leave.
        """
        with self._database.write() as session:
            found = self._apply(session, people)
            if found.too_many_left and not force:
                raise PortalError(
                    f"{len(found.left)} membres sur {found.members} partiraient : le fichier est peut-être coupé. "
                    "Rien n'a été changé ; si c'est voulu, recommencez avec --force."
                )
        return found

    def _apply(self, session: Session, people: Sequence[Person]) -> Difference:
        groups = set(session.exec(select(GroupRow.id).where(GroupRow.kind != BENCH)).all())
        unknown = sorted({group for person in people for group in person.groups} - groups)
        if unknown:
            raise PortalError(f"Groupes inconnus : {', '.join(unknown[:10])}. Créez-les d'abord ; rien n'a été changé.")
        rows = {row.id: row for row in session.exec(select(MemberRow)).all()}
        active = {row.id for row in rows.values() if row.active}
        listed = {person.id for person in people}
        joined, changed = [], []
        for person in people:
            known = person.id in active
            differs = self._write(session, rows.get(person.id), person, groups)
            if not known:
                joined.append(person.id)
            elif differs:
                changed.append(person.id)
        left = sorted(active - listed)
        for member in left:
            _leave(session, rows[member])
        take(session, EPOCH)
        return Difference(tuple(joined), tuple(changed), tuple(left), len(active))

    def _write(self, session: Session, row: MemberRow | None, person: Person, groups: set[str]) -> bool:
        told = (person.civility, person.given_name, person.surname, person.email)
        if row is None:
            row = MemberRow(id=person.id, surname=person.surname, roles=[], active=False)
            session.add(row)
            session.flush()
        differs = told != (row.civility, row.given_name, row.surname, row.email)
        if not row.active:
            row.active = True
            append(session, BY, "membre.ajout", row.id)
        row.civility, row.given_name, row.surname, row.email = told
        session.add(row)
        differs = set_roles(session, row, person.roles, set(ROLES), BY) or differs
        return set_groups(session, row.id, person.groups, groups, BY) or differs


def _leave(session: Session, row: MemberRow) -> None:
    row.active = False
    session.add(row)
    end(session, col(SignInRow.member_id) == row.id)
    session.exec(delete(TokenRow).where(col(TokenRow.member_id) == row.id))
    append(session, BY, "membre.depart", row.id)


def _person(row: Mapping[str, str | None], line: int) -> Person:
    value = {name: (row.get(name) or "").strip() for name in COLUMNS}
    roles, groups = (
        frozenset(part.strip() for part in value[name].split("|") if part.strip()) for name in ("roles", "groupes")
    )
    if not value["identifiant"] or not value["nom"] or not all(part.isprintable() for part in value.values()):
        raise PortalError(f"Ligne {line} : un identifiant et un nom sont attendus. Rien n'a été changé.")
    if roles - set(ROLES):
        raise PortalError(f"Ligne {line} : rôle inconnu, {', '.join(sorted(roles - set(ROLES)))}. Rien n'a été changé.")
    return Person(
        value["identifiant"],
        value["civilite"],
        value["prenom"],
        value["nom"],
        value["courriel"].lower(),
        roles,
        groups,
    )
