"""The pages (*pages du portail*): one module a place, all routes gathered here."""

from __future__ import annotations

from starlette.routing import BaseRoute

from portal.web.pages import case_files, documents, drafts, inbox, quarantine, results, sign_in
from portal.web.pages.assets import static, theme

__all__ = ["routes", "static"]

routes: list[BaseRoute] = [
    *sign_in.routes,
    *results.routes,
    *case_files.routes,
    *documents.routes,
    *drafts.routes,
    *inbox.routes,
    *quarantine.routes,
    theme,
]
