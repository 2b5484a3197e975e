"""Violations of the content security policy, as browsers report them: counted by directive, and logged as a shape."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.errors import TooLarge
from portal.web.portal import portal_of

log = logging.getLogger("minutier")
VIOLATIONS: Final = "/violations"
LONGEST: Final = 16_384
MOST: Final = 20
_NAMES: Final = ("effective-directive", "effectiveDirective", "violated-directive")
_DIRECTIVE: Final = re.compile(r"[a-z-]{3,40}")


async def take(request: Request) -> Response:
    """`POST /violations`: reports in either form that browsers send. Nothing of an address or a page is kept."""
    body = bytearray()
    async for chunk in request.stream():
        body.extend(chunk)
        if len(body) > LONGEST:
            raise TooLarge
    counted = portal_of(request).violations
    for directive in list(_directives(bytes(body)))[:MOST]:
        counted[directive] += 1
        log.warning("content security policy: %s was violated", directive)
    return Response(status_code=204)


def _directives(body: bytes) -> Iterator[str]:
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return
    for report in told if isinstance(told, list) else [told]:
        if not isinstance(report, dict):
            continue
        inside = report.get("csp-report", report.get("body"))
        if isinstance(inside, dict):
            named = next((inside[key] for key in _NAMES if key in inside), None)
            found = _DIRECTIVE.match(named) if isinstance(named, str) else None
            yield found[0] if found else "unknown"


routes: list[BaseRoute] = [Route(VIOLATIONS, take, methods=["POST"])]
