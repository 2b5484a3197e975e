"""What every page asks of a request: who reads, and which form fields came with it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.nouns.errors import SignInNeeded
from portal.nouns.member import Member
from portal.web.portal import member_of


def reader(request: Request) -> Member:
    """The signed-in member. Raises SignInNeeded."""
    member = member_of(request)
    if member is None:
        raise SignInNeeded
    return member


async def fields(request: Request) -> dict[str, str]:
    """A form's text fields, the last one where a name comes twice."""
    async with request.form() as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def see(address: str) -> Response:
    """Go and look there: the answer to a form that was done."""
    return RedirectResponse(address, status_code=303)
