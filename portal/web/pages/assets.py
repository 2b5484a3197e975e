"""Static files: the built front end, the theme. Nothing in them is anybody's, so browsers may keep them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from portal.web.pages.templating import STATIC, THEME

FOR_GOOD = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Files under an address that names their version are kept for good, the others are asked about again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") or "/assets/" in scope["path"]
        response.headers["Cache-Control"] = FOR_GOOD if versioned else "no-cache"
        return response


static = Mount("/static", Assets(directory=STATIC, check_dir=False), name="static")
theme = Mount("/theme", Assets(directory=THEME, check_dir=False), name="theme")
