"""One draft open (*projet ouvert*): its document, those who are in it, and the order in which edits become true.

The order, for whatever has gathered since the last turn:

1. check: rights, bounds, schema, gaps, ids (update.py, structure.py), before pycrdt sees the bytes;
2. apply in memory, unseen by anyone: an update that breaks pycrdt is found here and is never written down;
3. append to the log, all members' edits at once (one group commit), each member's in their order;
4. acknowledge to the sender; 5. broadcast to the others; 6. answer those who asked for the document, and ask.

Nobody sees what is not durable: one turn ends before the next begins, and 6 comes last. Where pycrdt breaks (2) or
the disk refuses (3), the document in memory is thrown away and read again from the log, which holds exactly what
was acknowledged; the senders of the rest are told so and come again with what the log lacks.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from pycrdt import merge_updates

from editor_plugin import presence, protocol
from editor_plugin.connection import Connection
from editor_plugin.document import Broken, Document, Examined
from editor_plugin.presence import Presence
from editor_plugin.schema import Schema
from editor_plugin.structure import Gap
from editor_plugin.update import Refused
from editor_plugin.wire import Malformed
from portal.plugin import Access, AccessChange, EditorHost, Forbidden, Receipt, Unavailable

CROWD = 60
"""Connections from which on broadcasts come in ticks, one merged frame for all."""
TICK = 0.025
OFFENCES = 200
"""Refused or gapped frames after which a connection is closed."""
IDENTITIES = 8
"""Client ids for which one connection may speak."""
_FOREIGN = "Cette modification porte la marque d'une autre personne et n'a pas été acceptée. Le texte enregistré est intact ; rechargez la page pour continuer."  # noqa: E501
_READ_ONLY = "Vous pouvez lire ce projet mais pas le modifier : cette modification n'a pas été enregistrée. Le texte enregistré est intact ; demandez à son auteur de vous inviter à écrire."  # noqa: E501
_UNAVAILABLE = "L'enregistrement a échoué et va être réessayé. Votre texte reste dans cette page : ne la fermez pas."
_REVOKED = "Votre accès à ce projet a été retiré. Ce qui était enregistré l'est toujours ; adressez-vous à son auteur."
_ASK = protocol.Message(protocol.SYNC, protocol.STEP_1, b"")
"""Stands in the queue where the room itself has something to ask."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Edit:
    """An update applied in memory and not yet durable. `upto`: its number among its sender's frames."""

    connection: Connection
    update: bytes
    upto: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """Edits of one connection that are on disk, as one update."""

    connection: Connection
    update: bytes
    upto: int
    receipt: Receipt


class Room:
    """`edited` is called after each durable edit, for whoever renders the draft."""

    def __init__(self, draft: str, host: EditorHost, schema: Schema, edited: Callable[[Room], None]) -> None:
        self.draft = draft
        self.document = Document(schema)
        self.connections: set[Connection] = set()
        self.expected = 0
        self._host = host
        self._schema = schema
        self._edited = edited
        self._presence = Presence()
        self._owners: dict[int, str] = {}
        self._queue: deque[tuple[Connection, protocol.Message, int]] = deque()
        self._arrived = asyncio.Event()
        self._turns: asyncio.Task[None] | None = None
        self._turning = asyncio.Lock()

    async def open(self) -> None:
        """Read the log, then take turns. Nobody is let in before."""
        await self._read()
        self._turns = asyncio.create_task(self._take_turns())

    async def close(self) -> None:
        if self._turns is not None:
            self._turns.cancel()
            await asyncio.gather(self._turns, return_exceptions=True)
        self.document.close()

    async def snapshot(self) -> tuple[int, bytes]:
        """The last durable sequence and the whole document up to it, as one update."""
        async with self._turning:
            return self.document.sequence, self.document.whole()

    def enter(self, connection: Connection) -> None:
        self.connections.add(connection)
        self._owners[connection.session.client_id] = connection.session.person.id
        if connection.acknowledges:
            connection.send(connection.welcome())
        connection.promoted = self._ask
        if connection.access is Access.WRITE:
            self._ask(connection)
        if here := self._presence.everyone():
            connection.send(protocol.awareness(here))

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if gone := self._presence.leave(connection):
            self._tell(protocol.awareness(gone), connection)

    async def listen(self, connection: Connection) -> None:
        """Take in a connection's frames until it ends. Raises wire.Malformed on a frame that is none."""
        while (frame := await connection.receive()) is not None:
            if not frame:
                continue
            if await connection.may() is None or connection.closing:
                return
            message = protocol.decode(frame)
            if message.kind == protocol.SYNC:
                await connection.inbox.acquire()
                connection.received += message.step != protocol.STEP_1
                self._queue.append((connection, message, connection.received))
                self._arrived.set()
            elif message.kind == protocol.AWARENESS:
                await self._hear(connection, message.body)
            elif message.kind == protocol.QUERY_AWARENESS and (here := self._presence.everyone()):
                connection.send(protocol.awareness(here))

    async def recheck(self, change: AccessChange) -> None:
        """Rights changed: whoever lost theirs is closed now."""
        for connection in tuple(self.connections):
            if change.member in (None, connection.session.person.id):
                await connection.may()

    # Presence

    async def _hear(self, connection: Connection, body: bytes) -> None:
        heard = []
        for entry in presence.decode(body, self._schema.limits.presence_bytes):
            if not await self._is_own(connection, entry):
                continue
            state = None if entry.state is None else presence.signed(entry.state, connection.session.person)
            signed = entry._replace(state=state)
            if self._presence.enter(signed, connection):
                heard.append(signed)
        if heard:
            self._tell(protocol.awareness(presence.encode(heard)), connection)

    async def _is_own(self, connection: Connection, entry: presence.Entry) -> bool:
        own = self._presence.own(connection)
        if entry.client in own:
            return True
        if entry.state is None or len(own) >= IDENTITIES or not self._presence.may_speak(entry.client, connection):
            return False
        return await self._bind(connection, (entry.client,))

    async def _bind(self, connection: Connection, clients: tuple[int, ...]) -> bool:
        """Whether these ids are the member's; ids that nobody had become theirs for good. Raises Unavailable."""
        member = connection.session.person.id
        unknown = [client for client in clients if client not in self._owners]
        if any(self._owners.get(client, member) != member for client in clients):
            return False
        if unknown:
            try:
                await self._host.bind(connection.session, unknown)
            except Forbidden:
                return False
            self._owners.update(dict.fromkeys(unknown, member))
        return True

    def _tell(self, frame: bytes, source: Connection | None) -> None:
        for connection in self.connections:
            if connection is not source:
                connection.send(frame)

    # Turns

    async def _take_turns(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            batch = list(self._queue)
            self._queue.clear()
            try:
                async with self._turning:
                    await self._turn(batch)
            except Exception:  # noqa: BLE001  (whatever it is, it costs this room only)
                _log.exception("a room failed")
                self._fail()
                return
            if len(self.connections) >= CROWD:
                await asyncio.sleep(TICK)

    def _fail(self) -> None:
        """The log cannot be read: close everyone; they come back to a room that is read afresh."""
        self._turns = None
        self.document.close()
        for connection in self.connections:
            connection.close(protocol.TRY_AGAIN)

    @property
    def failed(self) -> bool:
        return self._turns is None

    async def _turn(self, batch: list[tuple[Connection, protocol.Message, int]]) -> None:
        edits: list[_Edit] = []
        questions: list[tuple[Connection, protocol.Message]] = []
        for connection, message, upto in batch:
            if message is not _ASK:
                connection.inbox.release()
            if connection.closing:
                continue
            if message.step == protocol.STEP_1:
                questions.append((connection, message))
                continue
            try:
                edit = await self._take(connection, message, upto)
            except Broken:
                _log.warning("an update broke the document and was refused")
                await self._settle(edits)
                edits = []
                await self._read()
                self._reject(connection, Refused("invalid"))
                continue
            if edit is not None:
                edits.append(edit)
        await self._settle(edits)
        for connection, question in questions:
            self._answer(connection, question)

    async def _take(self, connection: Connection, message: protocol.Message, upto: int) -> _Edit | None:
        """Check and apply one update. None where it was refused. Raises Broken."""
        if message.step == protocol.STEP_2:
            connection.asked = False
        try:
            examined = await self._examine(connection, message.body)
        except Refused as refused:
            self._reject(connection, refused)
            return None
        except Gap:
            self._miss(connection)
            return None
        if examined is None:
            return None
        changed = connection.access is Access.WRITE and self.document.apply(examined)
        if connection.asked:
            upto = 0
        return _Edit(connection, examined.update if changed else b"", upto)

    async def _examine(self, connection: Connection, body: bytes) -> Examined | None:
        access = await connection.may()
        if access is None:
            return None
        examined = self.document.examine(body)
        if not examined.clients:
            return examined
        if access is not Access.WRITE:
            raise Refused("read-only", _READ_ONLY)
        try:
            own = await self._bind(connection, examined.clients)
        except Unavailable:
            raise Refused("unavailable", _UNAVAILABLE) from None
        if not own:
            raise Refused("forbidden", _FOREIGN)
        return examined

    def _ask(self, connection: Connection) -> None:
        """Ask for what the client has and the log lacks, once it is clear what the log has."""
        self._queue.append((connection, _ASK, 0))
        self._arrived.set()

    def _miss(self, connection: Connection) -> None:
        """Structs are missing in between: the client's step 2 will hold them all."""
        connection.offences += 1
        if connection.offences > OFFENCES:
            connection.close(protocol.ABUSE)
        elif not connection.asked:
            connection.asked = True
            self._ask(connection)

    def _reject(self, connection: Connection, refused: Refused) -> None:
        connection.refuse(refused)
        connection.offences += 1
        if refused.reason == "unavailable":
            connection.close(protocol.TRY_AGAIN)
        elif refused.reason != "read-only":
            connection.close(protocol.UNSUPPORTED)
        elif connection.offences > OFFENCES:
            connection.close(protocol.ABUSE)

    async def _settle(self, edits: list[_Edit]) -> None:
        """Make edits durable, then known. Empty ones are acknowledged behind those that came before them."""
        members: dict[str, list[_Edit]] = {}
        for edit in edits:
            members.setdefault(edit.connection.session.person.id, []).append(edit)
        outcomes = await asyncio.gather(*(self._append(own) for own in members.values()))
        kept = [item for items, _ in outcomes for item in items]
        self.document.sequence = max([self.document.sequence, *(item.receipt.sequence for item in kept if item.update)])
        if not all(whole for _, whole in outcomes):
            await self._read()
        for item in kept:
            if item.upto and item.connection.acknowledges:
                acknowledged = protocol.acknowledgement(item.upto, item.receipt.sequence, item.receipt.at)
                item.connection.send(acknowledged)
        changes = [item for item in kept if item.update]
        if changes:
            self.document.at = max(item.receipt.at for item in changes)
            self._broadcast(changes)
            self._edited(self)

    async def _append(self, edits: list[_Edit]) -> tuple[list[_Kept], bool]:
        """One member's edits in order, those of a connection as one update; False where the log refused one."""
        kept: list[_Kept] = []
        for connection, group in groupby(edits, key=lambda edit: edit.connection):
            own = list(group)
            updates = [edit.update for edit in own if edit.update]
            upto = max(edit.upto for edit in own)
            if not updates:
                kept.append(_Kept(connection, b"", upto, Receipt(self.document.sequence, self.document.at)))
                continue
            try:
                update = merge_updates(*updates) if len(updates) > 1 else updates[0]
                receipt = await self._host.append(connection.session, update)
            except Forbidden:
                refused = Refused("read-only", _READ_ONLY)
            except Unavailable:
                refused = Refused("unavailable", _UNAVAILABLE)
            else:
                kept.append(_Kept(connection, update, upto, receipt))
                continue
            settled = {item.connection for item in kept}
            for left in {edit.connection for edit in edits} - settled:
                if await left.may() is not None:
                    self._reject(left, refused)
            return kept, False
        return kept, True

    def _broadcast(self, changes: list[_Kept]) -> None:
        if len(self.connections) >= CROWD and len(changes) > 1:
            merged = merge_updates(*(item.update for item in changes))
            self._tell(protocol.sync(protocol.UPDATE, merged), None)
            return
        for item in changes:
            self._tell(protocol.sync(protocol.UPDATE, item.update), item.connection)

    def _answer(self, connection: Connection, question: protocol.Message) -> None:
        try:
            if question is _ASK:
                connection.send(protocol.sync(protocol.STEP_1, self.document.state()))
                return
            protocol.vector(question.body, self._schema.limits.clients)
            connection.send(protocol.sync(protocol.STEP_2, self.document.difference(question.body)))
        except (Malformed, Broken):
            connection.close(protocol.UNSUPPORTED)

    async def _read(self) -> None:
        """Take the document from the log, in place of the one in memory."""
        document = Document(self._schema)
        try:
            await document.read(self._host.log(self.draft))
        except BaseException:
            document.close()
            raise
        self.document.close()
        self.document = document
