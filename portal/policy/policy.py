"""The rule itself, on plain values: labels of documents, labels of members, and what their meeting allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.table import NOBODY, SEAT, Row, read_table

PUBLIC = "public"
SERVICES = ("greffe", "sder")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rule needs to know of a document."""

    id: str
    kind: str
    case_file: str | None
    author: str | None
    published: bool = False
    draft: bool = False
    deposited: bool = False
    circulated: bool = False
    deleted: bool = False
    locked: bool = False
    invited: Mapping[str, Access]


@dataclass(frozen=True, slots=True)
class Labels:
    """Who finds the body, and who beyond them may know the title."""

    body: frozenset[str]
    title: frozenset[str] = frozenset()


_ALLOWS = {
    Action.READ: frozenset(Access),
    Action.COMMENT: frozenset({Access.COMMENT, Access.SUGGEST, Access.WRITE}),
    Action.SUGGEST: frozenset({Access.SUGGEST, Access.WRITE}),
    Action.WRITE: frozenset({Access.WRITE}),
}


class Policy:
    """Habilitations. `labels` and `may` intersect the same labels, so a list and a door never disagree."""

    def __init__(self, table: Mapping[str, Row] | None = None) -> None:
        self._table = read_table() if table is None else table

    def labels(self, member: Member | None, case_roles: Iterable[tuple[str, str]] = ()) -> frozenset[str]:
        """What a member is cleared for. `case_roles` are (case file, role) pairs; None is nobody signed in."""
        if member is None:
            return frozenset({PUBLIC})
        if "administrateur" in member.roles:
            return frozenset({PUBLIC})
        held = {PUBLIC, f"m:{member.id}"}
        held.update(f"g:{service}" for service in SERVICES if service in member.roles)
        for case_file, role in case_roles:
            if role in SEAT:
                held.add(f"f:{case_file}:siege")
            if role == "rapporteur":
                held.add(f"f:{case_file}:rapporteur")
            if role == "avocat_general":
                held.add(f"f:{case_file}:parquet")
        return frozenset(held)

    def labels_of(self, facts: Facts) -> Labels:
        """Labels of a document; a deleted one has its author's alone."""
        if facts.deleted:
            return Labels(frozenset())
        if facts.published:
            return Labels(frozenset({PUBLIC}))
        row = self._table.get(facts.kind, NOBODY)
        own = {f"m:{member}" for member in facts.invited}
        if facts.author:
            own.add(f"m:{facts.author}")
        if not facts.deposited:
            return Labels(frozenset(own))
        if facts.case_file is None:  # the inbox: the greffe's until a person files it
            return Labels(frozenset(own if facts.draft else own | {"g:greffe"}))
        readers = row.read | (row.circulated if facts.circulated else frozenset())
        body = frozenset(own | self._spread(readers, facts.case_file))
        return Labels(body, self._spread(row.title, facts.case_file) - body)

    def labels_of_case_file(self, case_file: str) -> frozenset[str]:
        """Who may know of a case file that the court opened."""
        row = self._table.get("dossier", NOBODY)
        return self._spread(row.read, case_file)

    def may(self, member: Member, labels: frozenset[str], action: Action, facts: Facts) -> bool:
        """Whether `member`, who holds `labels`, may do this to the document."""
        of = self.labels_of(facts)
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

    def may_restore(self, member: Member, facts: Facts) -> bool:
        """A deletion is undone by whoever could have made it."""
        return facts.author == member.id or self._files(member, facts)

    def may_file(self, member: Member, kind: str) -> bool:
        """Whether the member's service files documents of this kind into case files (*classer*)."""
        return bool(self._table.get(kind, NOBODY).file & member.roles)

    def may_deposit_in(self, member: Member, labels: frozenset[str], case_file: str) -> bool:
        """Whether the member may put a file into a case file: the greffe, the bench and the parquet of that file."""
        own = {f"f:{case_file}:siege", f"f:{case_file}:parquet"}
        return "greffe" in member.roles or bool(labels & own)

    def _writes(self, member: Member, action: Action, facts: Facts) -> bool:
        if not facts.draft or facts.deposited or facts.locked:
            return False
        if facts.author == member.id:
            return True
        return facts.invited.get(member.id) in _ALLOWS[action]

    def _files(self, member: Member, facts: Facts) -> bool:
        return not facts.draft and self.may_file(member, facts.kind)

    def _spread(self, audiences: Iterable[str], case_file: str | None) -> frozenset[str]:
        labels = set()
        for audience in audiences:
            if audience in SERVICES:
                labels.add(f"g:{audience}")
            elif case_file:
                labels.add(f"f:{case_file}:{audience}")
        return frozenset(labels)
