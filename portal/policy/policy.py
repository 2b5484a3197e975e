"""The rule itself, on plain values: labels of documents, labels of members, and what their meeting allows.

A label is one audience. A document carries those of its audiences, a member those they belong to, and a
document is seen where the two meet, unless the member carries one that bars it.

  public                 everyone signed in
  m:MEMBER               one member
  g:GROUP                a service or another group
  f:CASE FILE:AUDIENCE   an audience of a case file
  b:FORMATION:AUDIENCE   an audience of every file before a formation
  x:GRANT                an exception made for one document
  w:CASE FILE            bars: a wall (*mur de déport*); never on a published decision
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.standing import BENCH, Standing
from portal.policy.table import GROUP, SEAT, Row, Table, read_table

PUBLIC = "public"
SERVICES = ("greffe", "sder")
CHAMBER = "chambre:"
"""Prefix of the group of a chamber's people."""


class Action(StrEnum):
    KNOW = "know"
    """Know that it exists, with its title."""
    READ = "read"
    COMMENT = "comment"
    SUGGEST = "suggest"
    WRITE = "write"
    INVITE = "invite"
    DEPOSIT = "deposit"
    CIRCULATE = "circulate"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class CasePlace:
    """Where a case file stands: what its audiences follow from."""

    case_file: str
    chamber: str | None = None
    bench: str | None = None
    """The formation it is brought before, a group's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rule needs to know of a document."""

    id: str
    kind: str
    case_file: str | None
    author: str | None
    chamber: str | None = None
    bench: str | None = None
    published: bool = False
    draft: bool = False
    deposited: bool = False
    circulated: bool = False
    deleted: bool = False
    locked: bool = False
    invited: Mapping[str, Access]
    granted: frozenset[str] = frozenset()
    """Exceptions made for reading this document; whoever holds one carries its label while it lasts."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Who finds the body, who beyond them may know the title, and whom a wall bars from both."""

    body: frozenset[str]
    title: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label is carried: `kind` is a stable code, `name` and `until` are for the screen."""

    kind: str
    """public, self, service, group, secondment, role, formation, delegation, exception, emergency, wall; for a
    document: author, invited, row, title, exception."""
    name: str = ""
    until: datetime | None = None
    grant: str = ""


_ALLOWS = {
    Action.READ: frozenset(Access),
    Action.COMMENT: frozenset({Access.COMMENT, Access.SUGGEST, Access.WRITE}),
    Action.SUGGEST: frozenset({Access.SUGGEST, Access.WRITE}),
    Action.WRITE: frozenset({Access.WRITE}),
}


class Policy:
    """Habilitations. `labels` and `may` intersect the same labels, so a list and a door never disagree."""

    def __init__(self, table: Table | None = None) -> None:
        self.table = read_table() if table is None else table

    def labels(self, standing: Standing | None) -> frozenset[str]:
        """What a member is cleared for, walls included; None is nobody signed in."""
        return frozenset({PUBLIC}) if standing is None else frozenset(self.holdings(standing))

    def holdings(self, standing: Standing) -> dict[str, list[Reason]]:
        """The member's labels, each with every reason for it. The system's administrator has no content at all."""
        member = standing.member
        held: dict[str, list[Reason]] = {PUBLIC: [Reason("public")]}
        if "administrateur" in member.roles:
            return held

        def hold(label: str, reason: Reason) -> None:
            held.setdefault(label, []).append(reason)

        hold(f"m:{member.id}", Reason("self"))
        for service in SERVICES:
            if service in member.roles:
                hold(f"g:{service}", Reason("service", service))
        for place in standing.places:
            hold(f"g:{place.group}", Reason("secondment" if place.seconded else "group", place.name, place.until))
            if place.kind == BENCH:
                for audience in _audiences(place.function):
                    hold(f"b:{place.group}:{audience}", Reason("formation", place.name, place.until))
        for seat in standing.seats:
            for audience in _audiences(seat.role):
                hold(f"f:{seat.case_file}:{audience}", Reason("role", seat.role))
        for lent in standing.delegated:
            for audience in _audiences(lent.role) - {"delibere"}:
                reason = Reason("delegation", lent.origin, lent.until, lent.grant)
                hold(f"f:{lent.case_file}:{audience}", reason)
        for given in standing.granted:
            reason = Reason("emergency" if given.urgent else "exception", given.group, given.until, given.grant)
            if given.case_file is None:
                hold(f"x:{given.grant}", reason)
                continue
            # Whoever stands in for the rapporteur reads what the bench reads.
            for audience in {given.audience} | ({"siege"} if given.audience == "rapporteur" else set()):
                hold(f"f:{given.case_file}:{audience}", reason)
        for case_file in standing.walls:
            hold(f"w:{case_file}", Reason("wall"))
        return held

    def labels_of(self, facts: Facts) -> Labels:
        """Labels of a document; a deleted one has none."""
        body, title = self.audience(facts)
        barred = frozenset({f"w:{facts.case_file}"}) if facts.case_file and not facts.published else frozenset[str]()
        return Labels(frozenset(body), frozenset(title), barred)

    def audience(self, facts: Facts) -> tuple[dict[str, list[Reason]], dict[str, list[Reason]]]:
        """The labels of body and title, each with every reason for it."""
        body: dict[str, list[Reason]] = {}
        if facts.deleted:
            return body, {}
        if facts.published:
            return {PUBLIC: [Reason("public")]}, {}
        if facts.author:
            body.setdefault(f"m:{facts.author}", []).append(Reason("author"))
        for member, access in facts.invited.items():
            body.setdefault(f"m:{member}", []).append(Reason("invited", access.value))
        if not facts.deposited:  # its author's secret: no exception reaches it
            return body, {}
        for grant in sorted(facts.granted):
            body.setdefault(f"x:{grant}", []).append(Reason("exception", grant=grant))
        if facts.case_file is None:  # the inbox: the greffe's until a person files it
            if not facts.draft:
                body.setdefault("g:greffe", []).append(Reason("row", "greffe"))
            return body, {}
        row = self.table.row(facts.kind, facts.chamber)
        place = CasePlace(facts.case_file, facts.chamber, facts.bench)
        for audience in sorted(row.read | (row.circulated if facts.circulated else frozenset())):
            for label in _spread(audience, place):
                body.setdefault(label, []).append(Reason("row", audience))
        title = {
            label: [Reason("title", audience)]
            for audience in sorted(row.title)
            for label in _spread(audience, place)
            if label not in body
        }
        return body, title

    def labels_of_case_file(self, place: CasePlace) -> Labels:
        """Who may know of a case file that the court opened."""
        row: Row = self.table.row("dossier", place.chamber)
        known = {label for audience in row.read for label in _spread(audience, place)}
        return Labels(frozenset(known), barred=frozenset({f"w:{place.case_file}"}))

    def may_know_case_file(self, labels: frozenset[str], place: CasePlace) -> bool:
        """Whether whoever holds `labels` may know of the file itself, beyond its published decisions."""
        of = self.labels_of_case_file(place)
        return bool(labels & of.body) and not labels & of.barred

    def may(self, member: Member, labels: frozenset[str], action: Action, facts: Facts) -> bool:
        """Whether `member`, who holds `labels`, may do this to the document."""
        of = self.labels_of(facts)
        if labels & of.barred:
            return False
        if action is Action.KNOW:
            return bool(labels & (of.body | of.title))
        if not labels & of.body:
            return False
        if action is Action.READ:
            return True
        if facts.published or facts.deleted:
            return False
        if action in _ALLOWS:
            return self._writes(member, action, facts)
        if action in {Action.INVITE, Action.DEPOSIT, Action.CIRCULATE}:
            return facts.author == member.id
        return facts.author == member.id or self._files(member, facts)

    def may_restore(self, member: Member, labels: frozenset[str], facts: Facts) -> bool:
        """A deletion is undone by whoever could have made it."""
        if labels & {f"w:{facts.case_file}"}:
            return False
        return facts.author == member.id or self._files(member, facts)

    def may_file(self, member: Member, kind: str) -> bool:
        """Whether the member's service files documents of this kind into case files (*classer*)."""
        return bool(self.table.row(kind).file & member.roles)

    def may_deposit_in(self, member: Member, labels: frozenset[str], place: CasePlace) -> bool:
        """Whether the member may put a file into a case file: the greffe, the bench and the parquet of that file."""
        if f"w:{place.case_file}" in labels:
            return False
        own = {label for audience in ("siege", "parquet") for label in _spread(audience, place)}
        return "greffe" in member.roles or bool(labels & own)

    def may_manage(self, member: Member) -> bool:
        """Whether the member changes clearances (*gestion des habilitations*)."""
        return bool(self.table.managers & member.roles)

    def may_read_journal(self, member: Member) -> bool:
        """Whether the member reads the journal of everyone's accesses."""
        return bool(self.table.readers & member.roles)

    def may_take_emergency(self, member: Member) -> bool:
        """Whether the member may open a case file to themselves for some hours, with a reason that its bench sees."""
        return bool(self.table.emergency.roles & member.roles)

    def _writes(self, member: Member, action: Action, facts: Facts) -> bool:
        if not facts.draft or facts.deposited or facts.locked:
            return False
        if facts.author == member.id:
            return True
        return facts.invited.get(member.id) in _ALLOWS[action]

    def _files(self, member: Member, facts: Facts) -> bool:
        return not facts.draft and self.may_file(member, facts.kind)


def _audiences(role: str) -> set[str]:
    """The audiences of a case file to which a part in it belongs."""
    found = set()
    if role in SEAT:
        found |= {"siege", "delibere"}
    if role == "rapporteur":
        found.add("rapporteur")
    if role == "avocat_general":
        found.add("parquet")
    return found


def _spread(audience: str, place: CasePlace) -> Iterable[str]:
    """The labels by which an audience of the table is known, for a document of this case file."""
    if audience in SERVICES:
        yield f"g:{audience}"
    elif audience.startswith(GROUP):
        yield f"g:{audience.removeprefix(GROUP)}"
    elif audience == "chambre":
        if place.chamber:
            yield f"g:{CHAMBER}{place.chamber}"
    else:
        yield f"f:{place.case_file}:{audience}"
        if place.bench:
            yield f"b:{place.bench}:{audience}"
