"""The smallest editor there is: proof that the portal's editor can be replaced."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from portal.plugin import Block, EditorHost, Forbidden


class TextareaEditor:
    """Whole texts over a socket, each one appended to the log as an update."""

    tag, module, styles, root = "plain-textarea", "static/textarea.js", "", "body"

    def app(self, host: EditorHost) -> Starlette:
        async def room(socket: WebSocket) -> None:
            try:
                session = await host.join(socket.user, socket.path_params["draft"])
            except Forbidden:
                await socket.close(4404)
                return
            await socket.accept()
            async for text in socket.iter_text():
                receipt = await host.append(session, text.encode())
                await socket.send_text(str(receipt.sequence))

        return Starlette(routes=[WebSocketRoute("/rooms/{draft}", room)])

    def room(self, draft: str) -> str:
        return f"rooms/{draft}"

    def compose(self, blocks: Sequence[Block]) -> bytes:
        return "\n".join(block.text for block in blocks).encode()
