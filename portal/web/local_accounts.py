"""Sign-in by a local account, where a deployment asks for it (MINUTIER_LOCAL_ACCOUNTS=1)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.errors import NotFound
from portal.web.pages.asking import fields
from portal.web.portal import member_of, portal_of
from portal.web.session import open_session, renew_session


async def sign_in(request: Request) -> Response:
    """`POST /connexion/compte` with `compte`, `secret`, `code` and `suite`; whoever is signed in proves it anew."""
    accounts, present = portal_of(request).accounts, member_of(request)
    if accounts is None:
        raise NotFound
    form = await fields(request)
    name = present.id if present else form.get("compte", "")
    address = request.client.host if request.client else ""
    member = await run_in_threadpool(accounts.check, name, form.get("secret", ""), form.get("code", ""), address)
    go_on = renew_session if present else open_session
    return await run_in_threadpool(go_on, request, member, form.get("suite", "/"))


routes: list[BaseRoute] = [Route("/connexion/compte", sign_in, methods=["POST"])]
