"""The API's description (OpenAPI 3.1), and a page that shows it. A test holds it against the routes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from indexer.record import FACETS
from portal.nouns.kinds import DRAFTABLE
from portal.plugin import Access
from portal.web.pages.templating import render

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
MAYBE = {"type": ["string", "null"]}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


EXTRACT = _object(zone=STRING, text=STRING, marks=_array(_array(INTEGER)))
HIT = _object(
    id=STRING,
    title=STRING,
    kind=STRING,
    ecli=MAYBE,
    numbers=_array(STRING),
    date=MAYBE,
    chamber=MAYBE,
    formation=MAYBE,
    solution=MAYBE,
    publication=_array(STRING),
    state=MAYBE,
    case_file=MAYBE,
    title_only=BOOLEAN,
    reason=STRING,
    extracts=_array(EXTRACT),
)
COUNTS = {"type": "object", "additionalProperties": INTEGER}
PAGE = _object(
    total=INTEGER,
    hits=_array(HIT),
    facets={"type": "object", "additionalProperties": COUNTS},
    cursor=MAYBE,
    counted={"type": "boolean"},
    slips=_array(STRING),
)
DRAFT = _object(id=STRING, title=STRING, state=STRING, sync=STRING, root=STRING)
ZONE = _object(name=STRING, start=INTEGER, end=INTEGER)
DOCUMENT = _object(
    id=STRING,
    title=STRING,
    kind=STRING,
    state=STRING,
    case_file=MAYBE,
    published=BOOLEAN,
    about={"type": "object"},
    text=STRING,
    zones=_array(ZONE),
)
LISTED = _object(id=STRING, title=STRING, kind=STRING, state=STRING, date=MAYBE, readable=BOOLEAN)
CASE_FILE = _object(
    id=STRING,
    numbers=_array(STRING),
    chamber=MAYBE,
    title=STRING,
    hearing=MAYBE,
    report_due=MAYBE,
    parties=_array(_object(name=STRING, quality=STRING)),
    documents=_array(LISTED),
)
ERROR = {"type": "object", "properties": {"error": STRING, "reason": STRING}, "required": ["error"]}


def description() -> dict[str, Any]:
    """The whole description, as JSON."""
    search = [
        _query("q", "Mots, « phrases », numéro de pourvoi, ECLI", STRING),
        _query("mode", "", {"enum": ["hybrid", "lexical", "semantic"], "default": "hybrid"}),
        _query("sort", "", {"enum": ["relevance", "newest", "oldest"], "default": "relevance"}),
        _query("size", "De 1 à 100", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
        _query("cursor", "Donné par la page précédente", STRING),
        _query("from", "", {"type": "string", "format": "date"}),
        _query("to", "", {"type": "string", "format": "date"}),
        _query("case_file", "", STRING),
        *(_query(name, "Répétable", _array(STRING)) for name in FACETS),
    ]
    paths = {
        "/api/search": {"get": _operation("Rechercher", PAGE, parameters=search)},
        "/api/drafts": {
            "post": _operation(
                "Ouvrir un projet",
                DRAFT,
                status="201",
                body={
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"enum": list(DRAFTABLE)}, "case_file": MAYBE, "title": STRING},
                },
            )
        },
        "/api/drafts/{id}": {"get": _operation("Lire un projet", DRAFT, parameters=[_path()])},
        "/api/drafts/{id}/invitations": {
            "post": _operation(
                "Inviter un collègue",
                _object(draft=STRING, member=STRING, access=STRING),
                parameters=[_path()],
                body=_object(member=STRING, access={"enum": [*Access, "none"]}),
            )
        },
        "/api/documents/{id}": {"get": _operation("Lire un document", DOCUMENT, parameters=[_path()])},
        "/api/case-files/{id}": {"get": _operation("Lire un dossier", CASE_FILE, parameters=[_path()])},
        "/api/case-files/{id}/documents": {
            "post": _operation(
                "Déposer un fichier",
                _object(id=STRING, case_file=MAYBE, new=BOOLEAN),
                status="201",
                parameters=[_path(), _query("name", "Nom du fichier", {"type": "string", "minLength": 1})],
                media_type="application/octet-stream",
                body={"type": "string", "format": "binary"},
            )
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Minutier", "version": "1", "description": "L'API du portail."},
        "paths": paths,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearer": []}],
    }


def page(request: Request) -> Response:
    """`/api/openapi`: the description for people."""
    return render(request, "openapi.html", {"description": description()})


def _query(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": name == "name", "description": about, "schema": schema}


def _path() -> dict[str, Any]:
    return {"name": "id", "in": "path", "required": True, "schema": STRING}


def _operation(
    summary: str,
    answer: dict[str, Any],
    *,
    status: str = "200",
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
    media_type: str = "application/json",
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            status: {"description": "Fait", "content": {"application/json": {"schema": answer}}},
            "default": {"description": "Refusé", "content": {"application/json": {"schema": ERROR}}},
        },
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {media_type: {"schema": body}}}
    return operation
