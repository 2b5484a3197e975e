"""The sign-in page (*connexion*), and the page that asks again who is there before a grave act."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.member import ROLES, Member
from portal.web import oidc
from portal.web.pages.asking import reader, see
from portal.web.pages.templating import render
from portal.web.portal import member_of, portal_of
from portal.web.session import local_path


def sign_in(request: Request) -> Response:
    """`GET /connexion?suite=`: the demo's members as buttons, the way to the provider, or a local account's form."""
    portal = portal_of(request)
    target = local_path(request.query_params.get("suite", "/"))
    if member_of(request) is not None:
        return see(target)
    members = sorted(portal.people.all(), key=_place) if portal.settings.demo else []
    context = {
        "members": members,
        "target": target,
        "demo": portal.settings.demo,
        "local": portal.settings.local_accounts,
        "provider": portal.settings.oidc.name if portal.settings.oidc else "",
        "departure": f"/connexion/fournisseur?suite={quote(target)}",
    }
    return render(request, "sign_in.html", context)


def confirm(request: Request) -> Response:
    """`GET /connexion/confirmation?suite=`: prove again who is there, the way one had signed in."""
    portal, member = portal_of(request), reader(request)
    target = local_path(request.query_params.get("suite", "/"))
    if portal.oidc is not None and portal.sign_ins.issuer(member.sign_in):
        return oidc.prove(request, target)
    return render(request, "confirmation.html", {"target": target, "demo": portal.settings.demo, "one": member})


def _place(member: Member) -> tuple[int, str]:
    order = list(ROLES)
    return min((order.index(role) for role in member.roles if role in order), default=len(order)), member.surname


routes: list[BaseRoute] = [
    Route("/connexion", sign_in, methods=["GET"]),
    Route("/connexion/confirmation", confirm, methods=["GET"]),
]
