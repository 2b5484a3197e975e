"""The editor as the portal finds it: `create_editor` is the entry point in the group `portal.editors`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from editor_plugin.compose import compose
from editor_plugin.rooms import LINGER, Rooms
from editor_plugin.schema import read
from portal.plugin import Block, EditorHost


class Bundle(StaticFiles):
    """The built front end. Addressed with a query it never changes; without, it is asked for again by ETag."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        addressed = bool(scope.get("query_string"))
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if addressed else "no-cache"
        return response


class MinutierEditor:
    """`portal.plugin.Editor`. `linger`: seconds that an empty room stays in memory."""

    tag = "minutier-editor"
    module = "static/editor.js"
    styles = "static/editor.css"

    def __init__(self, *, linger: float = LINGER) -> None:
        self._schema = read()
        self._linger = linger
        self.root = self._schema.root

    def app(self, host: EditorHost) -> Starlette:
        """Rooms and static files. The lifespan, which the mounting application enters, opens and closes the rooms."""
        rooms = Rooms(host, self._schema, linger=self._linger)

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            await rooms.start()
            try:
                yield
            finally:
                await rooms.stop()

        bundle = Bundle(directory=str(files("editor_plugin") / "static"), check_dir=False)
        app = Starlette(
            routes=[WebSocketRoute("/rooms/{draft}", rooms.serve), Mount("/static", bundle)], lifespan=lifespan
        )
        app.state.rooms = rooms
        return app

    def room(self, draft: str) -> str:
        return f"rooms/{quote(draft, safe='')}"

    def compose(self, blocks: Sequence[Block]) -> bytes:
        return compose(blocks, self.root)


def create_editor() -> MinutierEditor:
    return MinutierEditor()
