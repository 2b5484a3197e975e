"""The collaborators that every route receives, as one typed value in the lifespan's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol, TypedDict

from starlette.requests import HTTPConnection

from indexer.likeness import Likeness, Similar
from indexer.page import Page
from indexer.query import Query
from ingest.extraction import Extraction
from portal.archive.case_files import CaseFiles
from portal.archive.clearing import Clearing
from portal.archive.documents import Documents, Receipt
from portal.archive.drafts import Drafts
from portal.archive.explaining import Explaining
from portal.archive.likeness import LikenessMarks
from portal.archive.people import People
from portal.archive.quarantine import Quarantine
from portal.identity.accounts import Accounts
from portal.identity.oidc.sign_in import SignInByProvider
from portal.identity.presence import Presence
from portal.identity.sign_ins import SignIns
from portal.identity.tokens import Tokens
from portal.journal.journal import Journal
from portal.nouns.member import Member
from portal.plugin import Editor
from portal.policy.clearances import Clearances
from portal.policy.epoch import Epochs
from portal.settings import Settings
from portal.store.database import Database
from portal.web.rates import Buckets


class Search(Protocol):
    """A search engine as the pages use it."""

    def search(self, query: Query) -> Page: ...

    def similar(self, likeness: Likeness) -> list[Similar]: ...


class Deposits(Protocol):
    """Reads a file in the sandbox and deposits it (`portal.intake`)."""

    def deposit(self, body: bytes, name: str, *, by: Member, case_file: str | None = None, kind: str = "") -> Receipt:
        """Raises `ingest.extraction.Unreadable`; the file then waits in quarantine."""
        ...

    def retry(self, identifier: str, *, by: Member) -> Receipt:
        """Reads a quarantined file again. Raises NotFound, or Unreadable and it goes on waiting."""
        ...


class Places(Protocol):
    """Says where each word of an original's pages stands (`portal.intake.places`)."""

    def place(self, reading: Extraction, digest: str, pages: Collection[int]) -> Extraction:
        """The reading with the words of these pages, counted from zero; whole lines where they cannot be found."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """Everything a route may use; wired once in `portal.app`."""

    settings: Settings
    database: Database
    clearances: Clearances
    epochs: Epochs
    presence: Presence
    people: People
    case_files: CaseFiles
    clearing: Clearing
    explaining: Explaining
    documents: Documents
    drafts: Drafts
    likeness_marks: LikenessMarks
    journal: Journal
    quarantine: Quarantine
    sign_ins: SignIns
    tokens: Tokens
    search: Search
    deposits: Deposits
    places: Places
    oidc: SignInByProvider | None = None
    accounts: Accounts | None = None
    editor: Editor | None = None
    editor_mount: str = "/editor"
    refusals: Buckets = field(default_factory=Buckets)
    """How often each member's refusals are written down."""
    violations: Counter[str] = field(default_factory=Counter)
    """Of the content security policy, by directive, since this process began."""


class State(TypedDict):
    """The lifespan's state."""

    portal: Portal


def portal_of(connection: HTTPConnection) -> Portal:
    portal: Portal = connection.state.portal
    return portal


def member_of(connection: HTTPConnection) -> Member | None:
    """The signed-in member, or None."""
    return connection.user if isinstance(connection.user, Member) else None
