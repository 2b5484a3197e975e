"""The pages (*pages du portail*): one module a place, all routes gathered here."""

from __future__ import annotations

from starlette.routing import BaseRoute

from portal.web.pages.assets import static, theme
from portal.web.pages.case_files import routes as case_file_routes
from portal.web.pages.citations import routes as citation_routes
from portal.web.pages.clearances import routes as clearance_routes
from portal.web.pages.documents import routes as document_routes
from portal.web.pages.drafts import routes as draft_routes
from portal.web.pages.inbox import routes as inbox_routes
from portal.web.pages.journal import routes as journal_routes
from portal.web.pages.likeness import routes as likeness_routes
from portal.web.pages.quarantine import routes as quarantine_routes
from portal.web.pages.results import routes as result_routes
from portal.web.pages.sessions import routes as session_routes
from portal.web.pages.sign_in import routes as sign_in_routes
from portal.web.pages.tokens import routes as token_routes

__all__ = ["routes", "static"]

routes: list[BaseRoute] = [
    *sign_in_routes,
    *result_routes,
    *case_file_routes,
    *document_routes,
    *citation_routes,
    *likeness_routes,
    *clearance_routes,
    *journal_routes,
    *draft_routes,
    *inbox_routes,
    *quarantine_routes,
    *token_routes,
    *session_routes,
    theme,
    static,
]
