"""Whose Yjs client ids are whose: structs and presence are accepted under one's own ids only."""

from __future__ import annotations

from collections.abc import Sequence

from portal.plugin import EditorHost, Forbidden, Session


class Owners:
    """What the host has bound, remembered for one room."""

    def __init__(self, host: EditorHost) -> None:
        self._host = host
        self._owners: dict[int, str] = {}

    def lease(self, session: Session) -> None:
        """The session's own id was bound when it was leased."""
        self._owners[session.client_id] = session.person.id

    async def bind(self, session: Session, clients: Sequence[int]) -> bool:
        """Whether these ids are the member's; ids that nobody had become theirs for good. Raises Unavailable."""
        member = session.person.id
        if any(self._owners.get(client, member) != member for client in clients):
            return False
        unknown = [client for client in clients if client not in self._owners]
        if unknown:
            try:
                await self._host.bind(session, unknown)
            except Forbidden:
                return False
            self._owners.update(dict.fromkeys(unknown, member))
        return True
