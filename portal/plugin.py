"""The contract between the portal and an editor: all that an editor may ask of the portal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from starlette.applications import Starlette
from starlette.authentication import BaseUser


class Access(StrEnum):
    """What a member may do in a draft (*droit sur le projet*)."""

    READ = "read"
    COMMENT = "comment"
    SUGGEST = "suggest"
    WRITE = "write"


class Forbidden(Exception):
    """No such draft, or none that this person may know of: the two are not told apart."""


class Unavailable(Exception):
    """The portal could not make the write durable (full or failing disk). Nothing was accepted."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes (*magistrat, greffier*): `id` is stable, `name` is for the screen."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """One admitted connection to one draft. `epoch` is the permission epoch it was admitted under."""

    id: str
    draft: str
    person: Person
    access: Access
    epoch: int
    client_id: int
    """A fresh leased Yjs client id; no other page load ever gets it."""
    sign_in: str = ""
    """What the person was signed in by: the host refuses the session once that has ended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One durable update of a draft's log (*ligne d'historique*)."""

    sequence: int
    update: bytes
    author: str
    """The member's id, from the authenticated session, never from the update."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The update is on disk (synchronous=FULL) under this sequence."""

    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Some right on a draft changed; `draft` None means: check every session of this member again.

    `member` None means: every session of this draft.
    """

    draft: str | None
    member: str | None


@dataclass(frozen=True, slots=True)
class Rendition:
    """The draft as text: what the index and the readers see (*rendu*). Offsets are code points.

    `blocks` are (zone or block name, text) in document order; `upto` the last log sequence contained.
    """

    draft: str
    text: str
    blocks: tuple[tuple[str, str], ...]
    upto: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block to write into a blank draft: `kind` is heading, paragraph or numbered (*paragraphe numéroté*)."""

    kind: str
    text: str
    level: int = 1


class EditorHost(Protocol):
    """What the portal does for an editor. `portal.archive` implements it; tests use an in-memory one."""

    async def join(self, user: BaseUser, draft: str) -> Session:
        """Admit this person (`websocket.user`, set by the portal's middleware), journal it. Raises Forbidden."""
        ...

    async def check(self, session: Session) -> Access:
        """The session's access now. Cheap: called on every frame. Raises Forbidden once revoked."""
        ...

    def log(self, draft: str, after: int = 0) -> AsyncIterator[Entry]:
        """Every durable update above sequence `after`, in order, then stop."""
        ...

    async def append(self, session: Session, update: bytes) -> Receipt:
        """Durable when it returns. Raises Forbidden (revoked meanwhile) or Unavailable."""
        ...

    async def bind(self, session: Session, client_ids: Sequence[int]) -> None:
        """Bind never-seen Yjs client ids durably to the session's member.

        Raises Forbidden when one is bound to another member already.
        """
        ...

    async def lease(self, session: Session, count: int) -> tuple[int, ...]:
        """Fresh client ids for this member, for offline use."""
        ...

    def access_changes(self) -> AsyncIterator[AccessChange]:
        """Never ends; yields as rights change."""
        ...

    async def render(self, rendition: Rendition) -> None:
        """Hand the draft's current text to the portal, for the index. Idempotent; older `upto` is ignored."""
        ...

    async def behind(self) -> list[str]:
        """Drafts whose last rendition is older than their log: to be rendered again after a crash."""
        ...


class Editor(Protocol):
    """An installed editor, found through the entry-point group `portal.editors`.

    The entry point is a callable without arguments that returns an Editor.
    """

    tag: str
    """The custom element, `minutier-editor`."""
    module: str
    """Path of its ES module below the mount, `static/editor.js`."""
    styles: str
    """Path of its style sheet below the mount, `static/editor.css`, or empty."""
    root: str
    """Name of the XmlFragment that holds a draft's body."""

    def app(self, host: EditorHost) -> Starlette: ...

    def room(self, draft: str) -> str:
        """Path below the mount of the draft's y-websocket room; its last segment is the room's name."""
        ...

    def compose(self, blocks: Sequence[Block]) -> bytes:
        """One update that writes these blocks into a blank draft, for documents that data generate."""
        ...
