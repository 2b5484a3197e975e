"""How errors reach a person: a page for people, one sentence in JSON for programs; never a trace."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ingest.extraction import Unreadable
from portal.nouns.errors import NotFound, PortalError, Unwritten
from portal.web.pages.templating import render
from portal.web.refusals import note
from portal.web.revocation import Revoked
from portal.web.session import ProofNeeded, proof_needed

log = logging.getLogger("minutier")
OOPS = "Quelque chose n'a pas fonctionné de notre côté. Rien n'a été perdu ; réessayez dans un instant."


def portal_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PortalError)
    try:
        note(request, error)
    except Unwritten as unwritten:
        return _answer(request, unwritten.status, unwritten.sentence)
    return _answer(request, error.status, error.sentence)


def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = NotFound.sentence if error.status_code in {404, 405} else str(error.detail)
    return _answer(request, 404 if error.status_code == 405 else error.status_code, sentence)


def unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    return _answer(request, 422, error.sentence, {"reason": error.reason})


def unexpected(request: Request, error: Exception) -> Response:
    if isinstance(error, Revoked):  # the connection is cut: there is nobody to tell
        return _answer(request, NotFound.status, NotFound.sentence)
    log.error("unexpected %s on %s", type(error).__name__, request.scope.get("route_path", request.method))
    return _answer(request, 500, OOPS)


def _answer(request: Request, status: int, sentence: str, more: Mapping[str, Any] | None = None) -> Response:
    wants_json = request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")
    if wants_json:
        return JSONResponse({"error": sentence, **(more or {})}, status_code=status)
    return render(request, "error.html", {"status": int(status), "sentence": sentence}, status_code=status)


handlers: dict[Any, Any] = {
    ProofNeeded: proof_needed,
    PortalError: portal_error,
    HTTPException: http_error,
    Unreadable: unreadable,
    Exception: unexpected,
}
