"""Pages from templates: one environment that escapes everything, and what every page receives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.nouns.document import days_in_words, long_date, short_date, show_number
from portal.nouns.kinds import CHAMBERS, DRAFTABLE, KINDS, STATES
from portal.nouns.member import Member
from portal.web import reasons, words

NUMBER = re.compile(r"\d{2}-\d{2}\.\d{3}")
WEB = Path(__file__).parent.parent
TEMPLATES = WEB / "templates"
STATIC = WEB / "static"
THEME = WEB / "theme"

MAGISTRATES = frozenset(
    {"premier_president", "president", "doyen", "conseiller", "rapporteur", "avocat_general", "auditeur"}
)


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status_code: int = 200
) -> Response:
    """The page as HTML. Raises jinja2's UndefinedError where the context lacks a name that the template uses."""
    page = environment().get_template(template)
    return HTMLResponse(page.render({**_shared(request), **(context or {})}), status_code)


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        number=show_number,
        long_date=long_date,
        short_date=short_date,
        days=days_in_words,
        kind=lambda code: KINDS.get(code, code),
        chamber=lambda code: CHAMBERS.get(code, (code, code))[0] if code else "",
        full_chamber=lambda code: CHAMBERS.get(code, (code, code))[1] if code else "",
        state=lambda code: STATES.get(code, code),
        label=lambda code, facet: words.label(facet, code),
        count=words.count,
        quantity=words.quantity,
        size=words.size,
        roles=words.roles,
        clock=clock,
        picked=words.picked,
        unbroken=unbroken,
        why=reasons.why,
        audience=lambda code: reasons.AUDIENCES.get(code, code),
        seat=lambda code: reasons.SEATS.get(code, code),
    )
    made.globals.update(
        asset=asset,
        ACCESSES=words.ACCESSES,
        DRAFTABLE=DRAFTABLE,
        KINDS=KINDS,
        NBSP=words.NBSP,
        ZONES=words.ZONES,
        theme=theme,
    )
    return made


def unbroken(title: str) -> Markup:
    """A title whose appeal number stays on one line, though its hyphen would let it break."""
    return Markup(NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(escape(title))))  # noqa: S704 - escaped


def clock(at: datetime) -> str:
    """« 12 janv. 2022, 14 h 02 », in the server's own time zone."""
    here = at.astimezone()
    return f"{short_date(here.date())}, {here.hour}{words.NBSP}h{words.NBSP}{here.minute:02}"


def days_left(due: date, today: date) -> str:
    """How far a day is: « dans 6 j », « aujourd'hui », « dépassé de 2 j »."""
    days = (due - today).days
    if days == 0:
        return "aujourd'hui"
    return f"dans {days}{words.NBSP}j" if days > 0 else f"dépassé de {-days}{words.NBSP}j"


def asset(path: str) -> str:
    """The address of a static file, which changes when the file does."""
    return f"/static/{path}{_version(STATIC / path)}"


def theme(path: str) -> str:
    """The address of a file of the theme."""
    return f"/theme/{path}{_version(THEME / path)}"


@lru_cache(maxsize=64)
def _version(file: Path) -> str:
    return f"?v={file.stat().st_mtime_ns:x}" if file.is_file() else ""


def _shared(request: Request) -> dict[str, Any]:
    user = request.scope.get("user")
    member = user if isinstance(user, Member) else None
    portal = getattr(request.state, "portal", None)
    return {
        "request": request,
        "path": request.url.path,
        "q": "",
        "member": member,
        "csrf": getattr(request.state, "csrf", ""),
        "portal": portal,
        "editor": _editor(portal),
        "places": places(member),
        "today": date.today(),  # noqa: DTZ011  (court days are local days)
    }


def _editor(portal: Any) -> dict[str, str] | None:
    """Where the installed editor's module and style sheet stand."""
    editor = getattr(portal, "editor", None)
    if editor is None:
        return None
    mount = portal.editor_mount.rstrip("/")
    return {
        "tag": editor.tag,
        "module": f"{mount}/{editor.module.lstrip('/')}",
        "styles": f"{mount}/{editor.styles.lstrip('/')}" if editor.styles else "",
        "root": editor.root,
    }


def places(member: Member | None) -> list[tuple[str, str, str]]:
    """The places of the left column, by role: (address, name, key)."""
    if member is None:
        return []
    found = [("/", "Recherche", "g r")]
    if member.roles & MAGISTRATES:
        found.append(("/mes-dossiers", "Mes dossiers", "g d"))
    if "greffe" in member.roles:
        found += [("/a-classer", "À classer", "g c"), ("/quarantaine", "Quarantaine", "g q")]
    if "habilitations" in member.roles:
        found += [("/habilitations", "Habilitations", "g h"), ("/journal", "Journal", "g j")]
    if "administrateur" in member.roles:
        found.append(("/journal", "Journal", "g j"))
    if "administrateur" not in member.roles:
        found.append(("/nouveau-projet", "Nouveau projet", "g n"))
    return found
