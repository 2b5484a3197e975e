"""Sign-in by the court's provider: leaving for it, coming back, proving anew, and its word that a session ended."""

from __future__ import annotations

import logging
import secrets

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.identity.oidc.entrance import LIFE, Entrance
from portal.identity.oidc.provider import Answer
from portal.identity.oidc.refusal import Refused
from portal.identity.oidc.sign_in import RETURN, SignInByProvider
from portal.identity.sign_ins import Proof
from portal.nouns.errors import NotFound, SignInNeeded
from portal.web.errors import portal_error
from portal.web.pages.templating import render
from portal.web.portal import member_of, portal_of
from portal.web.session import local_path, open_session, renew_session

log = logging.getLogger("minutier")
COOKIE = "minutier-entree"
PATH = "/connexion"
CANCELLED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


def leave(request: Request) -> Response:
    """`GET /connexion/fournisseur?suite=`: off to the provider."""
    after = local_path(request.query_params.get("suite", "/"))
    if member_of(request) is not None:
        return RedirectResponse(after, status_code=303)
    return _depart(request, after)


def prove(request: Request, after: str) -> Response:
    """Off to the provider again, to prove who is there: the answer of /connexion/confirmation."""
    member = member_of(request)
    if member is None:
        raise SignInNeeded
    return _depart(request, after, member.id)


def come_back(request: Request) -> Response:
    """`GET /connexion/retour`: the provider's answer, in the browser that had left for it and in no other."""
    try:
        entrance = _entrance(request)
        answer = _answer(request, entrance)
        response = _let_in(request, entrance, answer)
    except Refused as error:
        log.warning("sign-in refused: %s", error.reason)
        response = render(request, "sign_in_refused.html", {"sentence": error.sentence}, status_code=int(error.status))
    response.delete_cookie(COOKIE, path=PATH)
    return response


async def hear(request: Request) -> Response:
    """`POST /connexion/fin`: back-channel logout, with the field `logout_token`."""
    by = _by_provider(request)
    form = await request.form()
    given = [value for value in form.getlist("logout_token") if isinstance(value, str)]
    try:
        notice = await run_in_threadpool(by.provider.read_logout, given[0] if len(given) == 1 else "")
        await run_in_threadpool(by.sessions.end, notice)
    except Refused as error:
        log.warning("back-channel logout refused: %s", error.reason)
        return JSONResponse({"error": "invalid_request"}, status_code=400)
    return Response(status_code=200)


def _depart(request: Request, after: str, member: str = "") -> Response:
    by = _by_provider(request)
    entrance = by.entrances.leave(after, member)
    try:
        response: Response = RedirectResponse(by.provider.address(entrance), status_code=303)
    except Refused as error:
        log.warning("sign-in not begun: %s", error.reason)
        return portal_error(request, error)
    response.set_cookie(
        COOKIE,
        by.entrances.seal(entrance),
        max_age=LIFE,
        httponly=True,
        samesite="lax",
        secure=portal_of(request).settings.secure_cookies,
        path=PATH,
    )
    return response


def _entrance(request: Request) -> Entrance:
    by = _by_provider(request)
    entrance = by.entrances.read(request.cookies.get(COOKIE, ""))
    if any(len(request.query_params.getlist(name)) > 1 for name in request.query_params):
        raise Refused("twice")
    if not secrets.compare_digest(request.query_params.get("state", "").encode(), entrance.state.encode()):
        raise Refused("state")
    by.provider.check_return(request.query_params.get("iss"))
    member = member_of(request)
    if entrance.member and (member is None or member.id != entrance.member):
        raise Refused("other-person")
    return entrance


def _answer(request: Request, entrance: Entrance) -> Answer:
    by = _by_provider(request)
    by.sessions.arrive(entrance)
    asked, code = request.query_params.get("error"), request.query_params.get("code")
    if asked is not None:
        raise Refused(asked if asked in CANCELLED else "provider-error")
    if not code:
        raise Refused("no-code")
    return by.provider.exchange(code, entrance)


def _let_in(request: Request, entrance: Entrance, answer: Answer) -> Response:
    by = _by_provider(request)
    issuer = by.provider.settings.issuer
    member = by.admission.admit(issuer, answer.claims)
    session = answer.claims.get("sid")
    proof = Proof(
        issuer=issuer,
        subject=answer.subject,
        provider_session=session if isinstance(session, str) else "",
        id_token=answer.id_token,
        refresh_token=answer.refresh_token,
    )
    if not entrance.member:
        return open_session(request, member, entrance.after, proof)
    if member.id != entrance.member:
        raise Refused("other-person")
    return renew_session(request, member, entrance.after, proof)


def _by_provider(request: Request) -> SignInByProvider:
    found = portal_of(request).oidc
    if found is None:
        raise NotFound
    return found


routes: list[BaseRoute] = [
    Route("/connexion/fournisseur", leave, methods=["GET"]),
    Route(RETURN, come_back, methods=["GET"]),
    Route("/connexion/fin", hear, methods=["POST"]),
]
