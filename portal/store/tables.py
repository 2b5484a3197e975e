"""The archive's tables. Dates are UTC; texts are Unicode; JSON columns hold plain lists and objects."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Instant(TypeDecorator[datetime]):
    """A UTC moment, aware on both engines (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


class MemberRow(SQLModel, table=True):
    """*Membre*; `roles` are court-wide."""

    __tablename__ = "member"
    id: str = Field(primary_key=True)
    civility: str = ""
    given_name: str = ""
    surname: str
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    active: bool = True
    email: str = ""
    """By which a directory or a provider may name them, in lower case."""


class SignInRow(SQLModel, table=True):
    """*Session ouverte*: the cookie's SHA-256, never the cookie."""

    __tablename__ = "sign_in"
    digest: str = Field(primary_key=True)
    key: str = Field(index=True, unique=True)
    """Stays when the cookie is renewed at a step-up; open sockets carry it."""
    member_id: str = Field(index=True, foreign_key="member.id")
    csrf: str
    created: datetime = Field(sa_type=Instant)
    seen: datetime = Field(sa_type=Instant)
    authenticated: datetime = Field(sa_type=Instant)
    """When the person last proved who they are."""
    issuer: str = ""
    subject: str = Field(default="", index=True)
    """Who vouches for them, and under which name; empty for the demo and for local accounts."""
    provider_session: str = Field(default="", index=True)
    """The provider's own session (`sid`), by which a back-channel logout names it."""
    id_token: str = Field(default="", sa_column=Column(Text, nullable=False))
    refresh_token: str = Field(default="", sa_column=Column(Text, nullable=False))
    renewed: datetime = Field(sa_type=Instant)
    """When the provider last said that the account is open."""
    device: str = ""
    """As its owner knows it: « Firefox sous Windows »."""


class IdentityRow(SQLModel, table=True):
    """Which member a provider's account belongs to, from their first sign-in on."""

    __tablename__ = "identity"
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    member_id: str = Field(index=True, foreign_key="member.id")


class SpentRow(SQLModel, table=True):
    """What may be used once (*usage unique*): a sign-in's state, a logout token's id; kept until it means nothing."""

    __tablename__ = "spent"
    name: str = Field(primary_key=True)
    until: datetime = Field(index=True, sa_type=Instant)


class AccountRow(SQLModel, table=True):
    """*Compte local*: the password's argon2 hash, the secret of the one-time codes and the last one that was used."""

    __tablename__ = "account"
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    password: str
    secret: str
    step: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    created: datetime = Field(sa_type=Instant)


class DayTotalRow(SQLModel, table=True):
    """How many octets a member deposited in a day; the day before is let go."""

    __tablename__ = "day_total"
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    day: date = Field(primary_key=True)
    octets: int = Field(sa_column=Column(BigInteger, nullable=False))


class LikenessMarkRow(SQLModel, table=True):
    """A reader's own word on a similar case: to the point or not (*avis sur un rapprochement*)."""

    __tablename__ = "likeness_mark"
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    document_id: str = Field(primary_key=True, foreign_key="document.id")
    other_id: str = Field(primary_key=True, foreign_key="document.id")
    good: bool
    at: datetime = Field(default_factory=now, sa_type=Instant)


class AttemptRow(SQLModel, table=True):
    """Failed sign-ins by account or address, each a longer wait than the one before."""

    __tablename__ = "attempt"
    name: str = Field(primary_key=True)
    failures: int
    until: datetime = Field(index=True, sa_type=Instant)


class TokenRow(SQLModel, table=True):
    """*Jeton d'accès* to the API: its SHA-256, never the token."""

    __tablename__ = "token"
    digest: str = Field(primary_key=True)
    member_id: str = Field(index=True, foreign_key="member.id")
    name: str = ""
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created: datetime = Field(sa_type=Instant)
    expires: datetime = Field(sa_type=Instant)
    used: datetime | None = Field(default=None, sa_type=Instant)


class CaseFileRow(SQLModel, table=True):
    """*Dossier de pourvoi*."""

    __tablename__ = "case_file"
    id: str = Field(primary_key=True)
    title: str = ""
    chamber: str | None = None
    formation: str | None = None
    contested: str = ""
    bench_id: str | None = Field(default=None, index=True)
    """The formation it is brought before."""
    hearing: date | None = Field(default=None, index=True)
    report_due: date | None = None
    opened: bool = False
    """True for a file of the court's own; False where only a published decision made it known."""
    created: datetime = Field(default_factory=now, sa_type=Instant)


class AppealRow(SQLModel, table=True):
    """*Pourvoi*: one number, one case file."""

    __tablename__ = "appeal"
    number: str = Field(primary_key=True)
    case_file_id: str = Field(index=True, foreign_key="case_file.id")
    position: int = 0


class PartyRow(SQLModel, table=True):
    __tablename__ = "party"
    id: int | None = Field(default=None, primary_key=True)
    case_file_id: str = Field(index=True, foreign_key="case_file.id")
    name: str
    quality: str
    counsel: str = ""


class StageRow(SQLModel, table=True):
    """*Étape*."""

    __tablename__ = "stage"
    id: int | None = Field(default=None, primary_key=True)
    case_file_id: str = Field(index=True, foreign_key="case_file.id")
    kind: str
    on: date | None = None
    due: date | None = None
    position: int = 0


class CaseRoleRow(SQLModel, table=True):
    """A member's part in a case file."""

    __tablename__ = "case_role"
    case_file_id: str = Field(primary_key=True, foreign_key="case_file.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    role: str = Field(primary_key=True)


class GroupRow(SQLModel, table=True):
    """*Groupe*: a chamber, a section, the parquet général, a service, a commission or a formation."""

    __tablename__ = "member_group"
    id: str = Field(primary_key=True)
    kind: str
    name: str


class MembershipRow(SQLModel, table=True):
    """*Affectation* of a member to a group, or *détachement* to it until a day."""

    __tablename__ = "membership"
    id: str = Field(primary_key=True)
    group_id: str = Field(index=True, foreign_key="member_group.id")
    member_id: str = Field(index=True, foreign_key="member.id")
    function: str = ""
    """The part held in a formation: president, doyen, conseiller, rapporteur, avocat_general."""
    seconded: bool = False
    reason: str = ""
    by: str
    starts: datetime = Field(default_factory=now, sa_type=Instant)
    ends: datetime | None = Field(default=None, sa_type=Instant)
    """None while it has no end."""


class GrantRow(SQLModel, table=True):
    """*Habilitation particulière*: an exception, a delegation or an emergency, always with a reason and an end."""

    __tablename__ = "clearance_grant"
    id: str = Field(primary_key=True)
    kind: str
    """exception, delegation, urgence."""
    member_id: str | None = Field(default=None, index=True, foreign_key="member.id")
    group_id: str | None = Field(default=None, index=True, foreign_key="member_group.id")
    """Who holds it: a member or a group."""
    document_id: str | None = Field(default=None, index=True, foreign_key="document.id")
    case_file_id: str | None = Field(default=None, index=True, foreign_key="case_file.id")
    """What it opens: a document or a case file."""
    audience: str = ""
    """For a case file: as which audience; for a delegation, the part that is lent follows from its origin's."""
    origin_id: str | None = Field(default=None, index=True, foreign_key="member.id")
    """For a delegation: whose part is lent."""
    reason: str
    by: str
    starts: datetime = Field(default_factory=now, sa_type=Instant)
    ends: datetime = Field(sa_type=Instant)
    ended: datetime | None = Field(default=None, sa_type=Instant)
    """When it was withdrawn before its end."""
    reviewed: datetime | None = Field(default=None, sa_type=Instant)
    """When someone answered for it: an emergency stays an alert until then."""
    reviewed_by: str = ""


class WallRow(SQLModel, table=True):
    """*Mur de déport*: the member must never see the file, by any road; published decisions stay open."""

    __tablename__ = "wall"
    id: str = Field(primary_key=True)
    member_id: str = Field(index=True, foreign_key="member.id")
    case_file_id: str = Field(index=True, foreign_key="case_file.id")
    reason: str
    by: str
    created: datetime = Field(default_factory=now, sa_type=Instant)
    ended: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str = ""


class NoteRow(SQLModel, table=True):
    """A fact about the archive itself, by name: which table of clearances its labels follow."""

    __tablename__ = "note"
    name: str = Field(primary_key=True)
    value: str = Field(sa_column=Column(Text, nullable=False))


class DocumentRow(SQLModel, table=True):
    """*Pièce, décision ou projet*. `about` is a `Description` as JSON; what lists need stands in columns."""

    __tablename__ = "document"
    __table_args__ = (Index("document_identity", "published", "identity"),)
    id: str = Field(primary_key=True)
    case_file_id: str | None = Field(default=None, index=True, foreign_key="case_file.id")
    proposed_id: str | None = None
    """The case file that the inbox proposes, until a person files the document."""
    kind: str
    title: str
    day: date | None = None
    state: str
    author_id: str | None = Field(default=None, index=True)
    draft: bool = False
    deposited: bool = False
    circulated: bool = False
    published: bool = False
    identity: str = ""
    """For published decisions: ECLI or the source's own id; two files with one identity are two versions."""
    about: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    version_id: str | None = None
    """The version that leads."""
    pages: int = 0
    textless: bool = False
    created: datetime = Field(default_factory=now, sa_type=Instant)
    changed: datetime = Field(default_factory=now, sa_type=Instant)
    deleted: datetime | None = Field(default=None, sa_type=Instant)


class VersionRow(SQLModel, table=True):
    """Immutable bytes (*version*), by SHA-256."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("document_id", "digest"),)
    id: str = Field(primary_key=True)
    document_id: str = Field(index=True, foreign_key="document.id")
    digest: str = Field(index=True)
    media_type: str
    name: str
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    source: str = "file"
    by: str | None = None
    created: datetime = Field(default_factory=now, sa_type=Instant)


class ReadingRow(SQLModel, table=True):
    """What was read from a version, or rendered from a draft: an `Extraction` as compressed JSON."""

    __tablename__ = "reading"
    id: str = Field(primary_key=True)
    """The version's id, or the draft's."""
    document_id: str = Field(index=True, foreign_key="document.id")
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    upto: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class InvitationRow(SQLModel, table=True):
    """*Invitation* of a colleague to a document, by its author."""

    __tablename__ = "invitation"
    document_id: str = Field(primary_key=True, foreign_key="document.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    access: str
    by: str
    created: datetime = Field(default_factory=now, sa_type=Instant)


class CounterRow(SQLModel, table=True):
    """`revision` (the feed's) and `epoch` (permissions): taken under the row's lock, so commits keep their order."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class RevisionRow(SQLModel, table=True):
    """One line of the feed: this document or case file must be indexed again."""

    __tablename__ = "revision"
    revision: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    subject: str
    """A document's id, or `dossier:` and a case file's."""


class DenialRow(SQLModel, table=True):
    """Deny until indexed again: a document whose clearance was narrowed by this revision."""

    __tablename__ = "denial"
    document_id: str = Field(primary_key=True)
    revision: int = Field(sa_column=Column(BigInteger, nullable=False))


class AuditRow(SQLModel, table=True):
    """*Journal*: chained by seals, append-only; `sequence` has no gap."""

    __tablename__ = "audit"
    sequence: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: datetime = Field(sa_type=Instant)
    member_id: str = Field(index=True)
    action: str
    subject: str = Field(index=True)
    detail: str = Field(default="", sa_column=Column(Text, nullable=False))
    digest: str
    """The seal (`portal.journal.seal`) over the one before and this row's fields."""


class QuarantineRow(SQLModel, table=True):
    """A file that waits (*quarantaine*) with its reason."""

    __tablename__ = "quarantine"
    id: str = Field(primary_key=True)
    name: str
    digest: str = Field(index=True)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    reason: str
    sentence: str
    by: str = ""
    case_file_id: str | None = None
    created: datetime = Field(default_factory=now, sa_type=Instant)
