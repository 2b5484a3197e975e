"""One draft open (*projet ouvert*): who is in it, what they send, who is shown as being there."""

from __future__ import annotations

from collections.abc import Callable

from editor_plugin import presence, protocol
from editor_plugin.connection import Connection
from editor_plugin.owners import Owners
from editor_plugin.presence import Presence
from editor_plugin.schema import Schema
from editor_plugin.turn import Turns
from portal.plugin import Access, AccessChange, EditorHost

IDENTITIES = 8
"""Client ids for which one connection may speak."""


class Room:
    """`edited` is called after each durable edit, for whoever renders the draft."""

    def __init__(self, draft: str, host: EditorHost, schema: Schema, edited: Callable[[Room], None]) -> None:
        self.draft = draft
        self.connections: set[Connection] = set()
        self.expected = 0
        self._schema = schema
        self._presence = Presence()
        self._owners = Owners(host)
        self.turns = Turns(
            draft, host, schema, owners=self._owners, connections=self.connections, edited=lambda: edited(self)
        )

    def enter(self, connection: Connection) -> None:
        self.connections.add(connection)
        self._owners.lease(connection.session)
        if connection.acknowledges:
            connection.send(connection.welcome())
        connection.promoted = self.turns.ask
        if connection.access is Access.WRITE:
            self.turns.ask(connection)
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
                self.turns.put(connection, message, connection.received)
            elif message.kind == protocol.AWARENESS:
                await self._hear(connection, message.body)
            elif message.kind == protocol.QUERY_AWARENESS and (here := self._presence.everyone()):
                connection.send(protocol.awareness(here))

    async def recheck(self, change: AccessChange) -> None:
        """Rights changed: whoever lost theirs is closed now."""
        for connection in tuple(self.connections):
            if change.member in (None, connection.session.person.id):
                await connection.may()

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
        return await self._owners.bind(connection.session, (entry.client,))

    def _tell(self, frame: bytes, source: Connection | None) -> None:
        for connection in self.connections:
            if connection is not source:
                connection.send(frame)
