"""The editor as the portal finds it."""

from __future__ import annotations

import asyncio
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from editor_plugin.plugin import Bundle, MinutierEditor
from editor_plugin.schema import read
from tests.editor_plugin.memory_host import MemoryHost


def test_the_portal_finds_it() -> None:
    """The entry point gives an editor that says where its element, its styles and its rooms are."""
    (found,) = entry_points(group="portal.editors", name="minutier")
    editor = found.load()()
    assert isinstance(editor, MinutierEditor)
    assert (editor.tag, editor.module, editor.styles) == ("minutier-editor", "static/editor.js", "static/editor.css")
    assert editor.root == "body"
    assert editor.room("a b") == "rooms/a%20b"


def test_the_bundle_is_cached_by_its_address(tmp_path: Path) -> None:
    """With a version in the address the bundle is kept for good, without it is asked for again."""
    (tmp_path / "editor.js").write_text("export {};")
    client = TestClient(Bundle(directory=tmp_path))
    assert "immutable" in client.get("/editor.js?v=1").headers["cache-control"]
    plain = client.get("/editor.js")
    assert plain.headers["cache-control"] == "no-cache"
    again = client.get("/editor.js", headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304


def test_the_lifespan_ends() -> None:
    """The rooms start and stop with the application that mounts them, and leave no task behind."""

    async def play() -> None:
        app = MinutierEditor().app(MemoryHost())
        async with app.router.lifespan_context(app):
            assert len(asyncio.all_tasks()) > 1
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(play())


@pytest.mark.parametrize(
    ("node", "attribute", "value", "holds"),
    [
        ("paragraph", "numbered", True, True),
        ("paragraph", "numbered", "true", True),
        ("paragraph", "numbered", 3, False),
        ("paragraph", "textAlign", "justify", True),
        ("paragraph", "textAlign", "expression(alert(1))", False),
        ("paragraph", "textAlign", None, True),
        ("heading", "level", 2.0, True),
        ("heading", "level", "2", True),
        ("heading", "level", 7, False),
        ("heading", "level", 1.5, False),
        ("heading", "level", float("nan"), False),
        ("tableCell", "colwidth", [100.0, None], True),
        ("tableCell", "colwidth", ["a"], False),
    ],
)
def test_attributes_hold_what_the_schema_says(node: str, attribute: str, value: object, holds: bool) -> None:
    """Values are taken as clients really write them, and nothing beyond."""
    assert read().nodes[node].attributes[attribute].holds(value) is holds
