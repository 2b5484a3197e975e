"""Opening, proving anew and closing a person's session: the cookie, always a new one, and where to go next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.identity.sign_ins import Proof
from portal.nouns.errors import NotAllowed, PortalError, SignInNeeded
from portal.nouns.member import Member
from portal.web.authentication import BEARER, cookie_name
from portal.web.device import device_of
from portal.web.portal import member_of, portal_of

RECENT = timedelta(minutes=5)
"""How long a proof of who is there holds for a grave act."""
SIGNED_IN_BY_HAND = "Un jeton ne suffit pas pour cet acte. Connectez-vous sur le portail, puis recommencez."


class ProofNeeded(PortalError):
    """The person signed in too long ago for what they ask; a page sends them to prove who they are, and back."""

    status = HTTPStatus.FORBIDDEN
    sentence = "Confirmez d'abord que c'est bien vous. Rien n'a été perdu ; recommencez ensuite."

    def __init__(self, after: str) -> None:
        super().__init__()
        self.after = after


def open_session(request: Request, member: Member, after: str = "/", proof: Proof | None = None) -> Response:
    """Sign the member in under a new secret and send the browser to `after`, a path of this portal."""
    portal = portal_of(request)
    former = request.cookies.get(cookie_name(portal))
    if former:
        portal.sign_ins.close(former)
    portal.journal.record(member.id, "connexion", member.id)
    device = device_of(request.headers.get("user-agent", ""))
    return _go_on(request, portal.sign_ins.open(member.id, proof, device), after)


def renew_session(request: Request, member: Member, after: str, proof: Proof | None = None) -> Response:
    """The member has proved anew who they are: the same session under a new secret. Raises SignInNeeded."""
    portal = portal_of(request)
    portal.journal.record(member.id, "connexion.confirmation", member.id)
    fresh = portal.sign_ins.renew(request.cookies.get(cookie_name(portal), ""), proof)
    if fresh is None:
        raise SignInNeeded
    return _go_on(request, fresh, after)


def require_recent(request: Request, after: str, within: timedelta = RECENT) -> None:
    """Go on only where the person proved who they are less than `within` ago.

    Raises ProofNeeded otherwise, which sends a browser through the proof and on to `after`, and NotAllowed for a
    token, which proves nothing about who holds it.
    """
    if BEARER in request.auth.scopes:
        raise NotAllowed(SIGNED_IN_BY_HAND)
    portal = portal_of(request)
    found = portal.sign_ins.get(request.cookies.get(cookie_name(portal), ""))
    if found is None:
        raise SignInNeeded
    if datetime.now(UTC) - found.authenticated > within:
        raise ProofNeeded(local_path(after))


def proof_needed(_request: Request, error: Exception) -> Response:
    """The answer to ProofNeeded."""
    assert isinstance(error, ProofNeeded)
    return RedirectResponse(f"/connexion/confirmation?suite={quote(error.after)}", status_code=303)


def sign_out(request: Request) -> Response:
    """`POST /deconnexion`: nothing of the session stays in this browser; at the provider's it ends too."""
    portal, member = portal_of(request), member_of(request)
    secret, target = request.cookies.get(cookie_name(portal)), "/connexion"
    if secret and member:
        portal.journal.record(member.id, "deconnexion", member.id)
        proof = portal.sign_ins.close(secret)
        if portal.oidc is not None and proof is not None and proof.id_token:
            target = portal.oidc.leave_for_good(proof) or target
    response = RedirectResponse(target, status_code=303)
    secure = portal.settings.secure_cookies
    response.delete_cookie(cookie_name(portal), path="/", secure=secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def local_path(path: str) -> str:
    """`path` where it stays on this portal, else the home page."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and "\\" not in path and path.isprintable() else "/"


def _go_on(request: Request, secret: str, after: str) -> Response:
    portal = portal_of(request)
    response = RedirectResponse(local_path(after), status_code=303)
    response.set_cookie(
        cookie_name(portal),
        secret,
        httponly=True,
        samesite="lax",
        secure=portal.settings.secure_cookies,
        path="/",
    )
    return response


routes: list[BaseRoute] = [Route("/deconnexion", sign_out, methods=["POST"])]
