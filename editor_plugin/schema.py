"""The draft's nodes, marks and limits: `schema.json` as frozen values. The front end reads the same file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a node's or a mark's attribute may hold. `kind` is string, integer, boolean or integers."""

    kind: str
    values: frozenset[str]
    minimum: int
    maximum: int
    schemes: tuple[str, ...]

    def holds(self, value: object) -> bool:
        """Whether the value may stand here. Null always may: it means the default."""
        if value is None:
            return True
        if self.kind == "boolean":
            return isinstance(value, bool) or value in {"true", "false"}
        if self.kind == "integer":
            return self._is_whole(value)
        if self.kind == "integers":
            return isinstance(value, list) and all(item is None or self._is_whole(item) for item in value)
        return isinstance(value, str) and self._reads(value)

    def _is_whole(self, value: object) -> bool:
        """Numbers come back from Yjs as floats, and from some clients as digits."""
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.minimum <= value <= self.maximum and value == int(value)

    def _reads(self, value: str) -> bool:
        if self.values:
            return value in self.values
        scheme, colon, _ = value.strip().partition(":")
        return not self.schemes or (bool(colon) and scheme.lower() in self.schemes)


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of node: the kinds of its children, its attributes, the marks that its text may carry."""

    name: str
    children: frozenset[str]
    attributes: Mapping[str, Attribute]
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these an update is refused unread. Sizes are bytes, `runLength` and `clock` Yjs clock units."""

    update_bytes: int
    structs: int
    clients: int
    depth: int
    string_bytes: int
    run_length: int
    clock: int
    attribute_bytes: int
    mark_bytes: int
    presence_bytes: int


@dataclass(frozen=True, slots=True)
class Schema:
    """`nodes` has the root fragment under the name `root`."""

    version: int
    root: str
    nodes: Mapping[str, Node]
    marks: Mapping[str, Mapping[str, Attribute]]
    limits: Limits


def read() -> Schema:
    """The schema that this version of the editor writes."""
    stated = json.loads(files("editor_plugin").joinpath("schema.json").read_text(encoding="utf-8"))
    kinds: dict[str, Any] = stated["nodes"]
    groups: dict[str, set[str]] = {}
    for name, kind in kinds.items():
        groups.setdefault(kind.get("group", ""), set()).add(name)
    nodes = {name: _node(name, kind, groups) for name, kind in kinds.items() if name not in {"doc", TEXT}}
    nodes[stated["root"]] = _node(stated["root"], kinds["doc"], groups)
    return Schema(
        version=stated["version"],
        root=stated["root"],
        nodes=nodes,
        marks={name: _attributes(kind) for name, kind in stated["marks"].items()},
        limits=Limits(**{_snake(name): value for name, value in stated["limits"].items()}),
    )


def _node(name: str, kind: Mapping[str, Any], groups: Mapping[str, set[str]]) -> Node:
    children: set[str] = set()
    for child in kind.get("children", ()):
        children |= groups.get(child, {child})
    return Node(name, frozenset(children), _attributes(kind), frozenset(kind.get("marks", ())))


def _attributes(kind: Mapping[str, Any]) -> dict[str, Attribute]:
    return {
        name: Attribute(
            stated["type"],
            frozenset(stated.get("values", ())),
            stated.get("minimum", 0),
            stated.get("maximum", 0),
            tuple(stated.get("schemes", ())),
        )
        for name, stated in kind.get("attributes", {}).items()
    }


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
