"""The sign-in page (*connexion*)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.member import ROLES, Member
from portal.web.pages.asking import see
from portal.web.pages.templating import render
from portal.web.portal import member_of, portal_of
from portal.web.session import local_path


def sign_in(request: Request) -> Response:
    """`GET /connexion?suite=`: the demo's members as buttons, or how to sign in."""
    portal = portal_of(request)
    target = local_path(request.query_params.get("suite", "/"))
    if member_of(request) is not None:
        return see(target)
    members = sorted(portal.people.all(), key=_place) if portal.settings.demo else []
    return render(request, "sign_in.html", {"members": members, "target": target, "demo": portal.settings.demo})


def _place(member: Member) -> tuple[int, str]:
    order = list(ROLES)
    return min((order.index(role) for role in member.roles if role in order), default=len(order)), member.surname


routes: list[BaseRoute] = [Route("/connexion", sign_in, methods=["GET"])]
