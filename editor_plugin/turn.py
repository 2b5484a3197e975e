"""The order in which edits become true, for one room.

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

from editor_plugin import protocol
from editor_plugin.connection import Connection
from editor_plugin.document import Broken, Document, Examined, merged
from editor_plugin.owners import Owners
from editor_plugin.schema import Schema
from editor_plugin.structure import Gap
from editor_plugin.update import Refused
from editor_plugin.wire import Malformed
from portal.plugin import Access, EditorHost, Forbidden, Receipt, Unavailable

CROWD = 60
"""Connections from which on broadcasts come in ticks, one merged frame for all."""
TICK = 0.025
OFFENCES = 200
"""Refused or gapped frames after which a connection is closed."""
_FOREIGN = "Cette modification porte la marque d'une autre personne et n'a pas été acceptée. Le texte enregistré est intact ; rechargez la page pour continuer."  # noqa: E501
_READ_ONLY = "Vous pouvez lire ce projet mais pas le modifier : cette modification n'a pas été enregistrée. Le texte enregistré est intact ; demandez à son auteur de vous inviter à écrire."  # noqa: E501
_UNAVAILABLE = "L'enregistrement a échoué et va être réessayé. Votre texte reste dans cette page : ne la fermez pas."
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


class Turns:
    """Takes one turn after another. `connections` are the room's own set; `edited` is called after durable edits."""

    def __init__(
        self,
        draft: str,
        host: EditorHost,
        schema: Schema,
        *,
        owners: Owners,
        connections: set[Connection],
        edited: Callable[[], None],
    ) -> None:
        self.document = Document(schema)
        self._draft = draft
        self._host = host
        self._schema = schema
        self._owners = owners
        self._connections = connections
        self._edited = edited
        self._queue: deque[tuple[Connection, protocol.Message, int]] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._turning = asyncio.Lock()

    @property
    def failed(self) -> bool:
        return self._task is None or self._task.done()

    async def start(self) -> None:
        """Read the log, then take turns."""
        await self._read()
        self._task = asyncio.create_task(self._take_turns())

    async def stop(self) -> None:
        """Let the turn under way end: the document never stops ahead of the log."""
        async with self._turning:
            if self._task is not None:
                self._task.cancel()
                await asyncio.gather(self._task, return_exceptions=True)
        self.document.close()

    async def snapshot(self) -> tuple[int, bytes]:
        """The last durable sequence and the whole document up to it, as one update."""
        async with self._turning:
            return self.document.sequence, self.document.whole()

    def put(self, connection: Connection, message: protocol.Message, upto: int) -> None:
        """A sync frame, the connection's `upto`th that may carry an edit, waits for the next turn."""
        self._queue.append((connection, message, upto))
        self._arrived.set()

    def ask(self, connection: Connection) -> None:
        """Ask for what the client has and the log lacks, once it is clear what the log has."""
        self.put(connection, _ASK, 0)

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
            if len(self._connections) >= CROWD:
                await asyncio.sleep(TICK)

    def _fail(self) -> None:
        """The log cannot be read: close everyone; they come back to a room that is read afresh."""
        self.document.close()
        for connection in self._connections:
            connection.close(protocol.TRY_AGAIN)

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
            connection.asked = connection.withheld = False
        try:
            examined = await self._examine(connection, message)
        except Refused as refused:
            self._reject(connection, refused)
            return None
        except Gap:
            self._miss(connection)
            return None
        if examined is None:
            return None
        changed = connection.access is Access.WRITE and self.document.apply(examined)
        if connection.withheld:
            upto = 0
        return _Edit(connection, examined.update if changed else b"", upto)

    async def _examine(self, connection: Connection, message: protocol.Message) -> Examined | None:
        access = await connection.may()
        if access is None:
            return None
        examined = await self.document.examine(message.body)
        if access is not Access.WRITE:
            if examined.clients or (examined.deletes and message.step == protocol.UPDATE):
                raise Refused("read-only", _READ_ONLY)
            connection.withheld |= examined.deletes
        if not examined.clients:
            return examined
        try:
            own = await self._owners.bind(connection.session, examined.clients)
        except Unavailable:
            raise Refused("unavailable", _UNAVAILABLE) from None
        if not own:
            raise Refused("forbidden", _FOREIGN)
        return examined

    def _miss(self, connection: Connection) -> None:
        """Structs are missing in between: the client's step 2 will hold them all."""
        connection.offences += 1
        connection.withheld = True
        if connection.offences > OFFENCES:
            connection.close(protocol.ABUSE)
        elif not connection.asked:
            connection.asked = True
            self.ask(connection)

    def _reject(self, connection: Connection, refused: Refused) -> None:
        connection.refuse(refused)
        connection.offences += 1
        connection.withheld = True
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
            self._edited()

    async def _append(self, edits: list[_Edit]) -> tuple[list[_Kept], bool]:
        """One member's edits in order, those of a connection as one update; False where the log refused one."""
        kept: list[_Kept] = []
        left = list(edits)
        for connection, group in groupby(edits, key=lambda edit: edit.connection):
            own = list(group)
            updates = [edit.update for edit in own if edit.update]
            upto = max(edit.upto for edit in own)
            if not updates:
                kept.append(_Kept(connection, b"", upto, Receipt(self.document.sequence, self.document.at)))
                del left[: len(own)]
                continue
            try:
                update = merged(updates)
                receipt = await self._host.append(connection.session, update)
            except Forbidden:
                refused = Refused("read-only", _READ_ONLY)
            except Unavailable:
                refused = Refused("unavailable", _UNAVAILABLE)
            else:
                kept.append(_Kept(connection, update, upto, receipt))
                del left[: len(own)]
                continue
            for loser in {edit.connection for edit in left}:
                if await loser.may() is not None:
                    self._reject(loser, refused)
            return kept, False
        return kept, True

    def _broadcast(self, changes: list[_Kept]) -> None:
        if len(self._connections) >= CROWD and len(changes) > 1:
            update = merged([item.update for item in changes])
            frame = protocol.sync(protocol.UPDATE, update)
            for connection in self._connections:
                connection.send(frame)
            return
        for item in changes:
            frame = protocol.sync(protocol.UPDATE, item.update)
            for connection in self._connections:
                if connection is not item.connection:
                    connection.send(frame)

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
            await document.read(self._host.log(self._draft))
        except BaseException:
            document.close()
            raise
        self.document.close()
        self.document = document
