"""Opening and closing a person's session: the cookie, always a new one, and where to go next."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.nouns.member import Member
from portal.web.authentication import COOKIE
from portal.web.portal import member_of, portal_of


def open_session(request: Request, member: Member, after: str = "/") -> Response:
    """Sign the member in under a new secret and send the browser to `after`, a path of this portal."""
    portal = portal_of(request)
    former = request.cookies.get(COOKIE)
    if former:
        portal.sign_ins.close(former)
    portal.journal.record(member.id, "connexion", member.id)
    response = RedirectResponse(local_path(after), status_code=303)
    response.set_cookie(
        COOKIE,
        portal.sign_ins.open(member.id),
        httponly=True,
        samesite="lax",
        secure=portal.settings.secure_cookies,
        path="/",
    )
    return response


def sign_out(request: Request) -> Response:
    """`POST /deconnexion`: nothing of the session stays in this browser."""
    portal, member = portal_of(request), member_of(request)
    secret = request.cookies.get(COOKIE)
    if secret and member:
        portal.journal.record(member.id, "deconnexion", member.id)
        portal.sign_ins.close(secret)
    response = RedirectResponse("/connexion", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def local_path(path: str) -> str:
    """`path` where it stays on this portal, else the home page."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and "\\" not in path and path.isprintable() else "/"


routes: list[BaseRoute] = [Route("/deconnexion", sign_out, methods=["POST"])]
