"""Where every struct of a draft stands: the shape of the document, kept beside pycrdt's.

A struct names its neighbours, seldom its parent: whether a node may stand where it is put shows only to one who
knows where those neighbours stand. This registry knows, for every clock of every client, the element that holds
it. So gaps, unknown nodes and attributes, wrong children and deep nesting are all found before pycrdt sees the
update, and what passes integrates completely: nothing waits in pycrdt for structs that may never come.

Only what no merge of two valid edits can produce is refused (a wrong kind of child, an unknown name); what a
merge can leave behind (a list without items) is not.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from editor_plugin.schema import TEXT, Schema
from editor_plugin.update import ANY, DELETED, FORMAT, GC, SKIP, STRING, TEXT_NODE, TYPE, Id, Refused, Struct, Update


class Gap(Exception):
    """The update builds on structs that never arrived here: ask for them, then it will come again."""


class Element(NamedTuple):
    """A node of the document. An XmlText has the tag TEXT_NODE; `inside` is its element's tag."""

    tag: str
    inside: str
    depth: int


class Place(NamedTuple):
    """Where a run of clocks stands: in `holder` (None: collected), as `attribute`'s value, or being `element`."""

    holder: Element | None
    attribute: str | None = None
    element: Element | None = None


NOWHERE = Place(None)


@dataclass(slots=True)
class Runs:
    """One client's places, by the clock at which each begins."""

    starts: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, clock: int, place: Place) -> None:
        if self.places and place.element is None and self.places[-1] is place:
            return
        self.starts.append(clock)
        self.places.append(place)

    def at(self, clock: int) -> Place:
        return self.places[bisect_right(self.starts, clock) - 1]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update adds: every client's next clock, and the places up to it."""

    clocks: dict[int, int]
    runs: dict[int, Runs]
    repeats: bool
    """Whether some of its structs were known already."""


class Structure:
    """The registry of one draft. `examine` looks, `commit` writes down what `examine` found."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._clocks: dict[int, int] = {}
        self._runs: dict[int, Runs] = {}
        self._root = Element(schema.root, "", 0)

    def clock(self, client: int) -> int:
        """The first clock of this client that is not known."""
        return self._clocks.get(client, 0)

    def examine(self, update: Update, *, trusted: bool = False) -> Plan:
        """Find the place of every new struct. Raises Gap, or Refused where the schema has no such thing.

        `trusted`: an update out of the log, which passed once under the schema of its day.
        """
        plan = _Examination(self, self._schema, self._root, update, trusted=trusted).plan()
        for client, clock, length in update.deletes:
            if clock + length > plan.clocks.get(client, self.clock(client)):
                raise Gap
        return plan

    def commit(self, plan: Plan) -> None:
        for client, runs in plan.runs.items():
            held = self._runs.setdefault(client, Runs())
            for clock, place in zip(runs.starts, runs.places, strict=True):
                held.add(clock, place)
        self._clocks.update(plan.clocks)

    def place(self, client: int, clock: int) -> Place:
        return self._runs[client].at(clock)


class _Examination:
    """One update looked at, its structs in the order in which Yjs integrates them."""

    def __init__(self, structure: Structure, schema: Schema, root: Element, update: Update, *, trusted: bool) -> None:
        self._structure = structure
        self._schema = schema
        self._root = root
        self._trusted = trusted
        self._blocks = update.blocks
        self._next = dict.fromkeys(update.blocks, 0)
        self._clocks: dict[int, int] = {}
        self._runs: dict[int, Runs] = {}
        self._repeats = False

    def plan(self) -> Plan:
        """Place each client's structs as far as it goes; whoever needs another's clock waits until it is there."""
        ready = deque(self._blocks)
        waiting: dict[int, list[tuple[int, int]]] = {}
        blocked = 0
        while ready:
            client = ready.popleft()
            needed = self._advance(client)
            if needed is not None:
                heappush(waiting.setdefault(needed.client, []), (needed.clock, client))
                blocked += 1
            served = waiting.get(client, [])
            while served and served[0][0] < self._clock(client):
                ready.append(heappop(served)[1])
                blocked -= 1
        if blocked:
            raise Gap
        return Plan(self._clocks, self._runs, self._repeats)

    def _advance(self, client: int) -> Id | None:
        """Place what can be placed. Returns what has to come first, or None at the end."""
        block = self._blocks[client]
        known = self._structure.clock(client)
        index = self._next[client]
        needed = None
        while index < len(block):
            struct = block[index]
            end = struct.clock + struct.length
            if end <= known:
                self._repeats |= struct.kind != SKIP
            else:
                if struct.kind == SKIP or struct.clock > self._clock(client):
                    raise Gap
                needed = self._missing(client, struct)
                if needed is not None:
                    break
                self._repeats |= struct.clock < known
                self._runs.setdefault(client, Runs()).add(max(struct.clock, known), self._placed(struct))
                self._clocks[client] = end
            index += 1
        self._next[client] = index
        return needed

    def _clock(self, client: int) -> int:
        return self._clocks.get(client, self._structure.clock(client))

    def _missing(self, client: int, struct: Struct) -> Id | None:
        for reference in (struct.left, struct.right, struct.parent):
            if isinstance(reference, Id) and reference.clock >= self._clock(reference.client):
                if reference.client == client or reference.client not in self._blocks:
                    raise Gap
                return reference
        return None

    def _place(self, reference: Id) -> Place:
        if reference.clock < self._structure.clock(reference.client):
            return self._structure.place(*reference)
        return self._runs[reference.client].at(reference.clock)

    def _placed(self, struct: Struct) -> Place:
        if struct.kind == GC:
            return NOWHERE
        holder, attribute, near = self._holder(struct)
        if struct.kind == TYPE:
            tag = str(struct.value)
            element = None if holder is None else Element(tag, holder.tag, holder.depth + 1)
            if not self._trusted and element is not None:
                self._check_node(element, attribute)
            return Place(holder, attribute, element)
        if not self._trusted and holder is not None and struct.kind != DELETED:
            self._check_content(struct, holder, attribute)
        if near is not None and near.element is None:
            return near
        return Place(holder, attribute) if holder is not None else NOWHERE

    def _holder(self, struct: Struct) -> tuple[Element | None, str | None, Place | None]:
        """The element that holds the struct, and the neighbour that says so (Yjs: Item.getMissing)."""
        if isinstance(struct.parent, str):
            if struct.parent != self._root.tag:
                raise Refused("invalid", detail=f"root {struct.parent!r}")
            return self._root, struct.key, None
        if struct.parent is not None:
            return self._place(struct.parent).element, struct.key, None
        near = [self._place(reference) for reference in (struct.left, struct.right) if reference is not None]
        if any(place.holder is None for place in near):
            return None, None, NOWHERE
        return near[0].holder, near[0].attribute, near[0]

    def _check_node(self, element: Element, attribute: str | None) -> None:
        if attribute is not None:
            raise Refused("invalid", detail="a node as attribute")
        if element.depth > self._schema.limits.depth:
            raise Refused("invalid", detail="nested too deep")
        allowed = self._schema.nodes.get(element.inside)
        kind = TEXT if element.tag == TEXT_NODE else element.tag
        if allowed is None or kind not in allowed.children:
            raise Refused("invalid", detail=f"{element.tag} in {element.inside}")

    def _check_content(self, struct: Struct, holder: Element, attribute: str | None) -> None:
        if attribute is not None:
            node = self._schema.nodes.get(holder.tag)
            allowed = node.attributes.get(attribute) if node else None
            if allowed is None or struct.kind not in (STRING, ANY):
                raise Refused("invalid", detail=f"attribute {attribute!r} of {holder.tag}")
            if struct.kind == ANY and not allowed.holds(struct.value):
                raise Refused("invalid", detail=f"value of {attribute!r}")
        elif holder.tag != TEXT_NODE or struct.kind == ANY:
            raise Refused("invalid", detail=f"content in {holder.tag}")
        elif struct.kind == FORMAT:
            self._check_mark(struct.value, holder.inside)

    def _check_mark(self, value: object, inside: str) -> None:
        """A mark is stored as name or, where marks of one name overlap, as name--hash."""
        assert isinstance(value, tuple)
        key, encoded = value
        name = key.partition("--")[0]
        node = self._schema.nodes.get(inside)
        if node is None or name not in node.marks:
            raise Refused("invalid", detail=f"mark {key!r}")
        try:
            held = json.loads(encoded)
        except (ValueError, RecursionError):
            raise Refused("invalid", detail="mark is not JSON") from None
        for attribute, allowed in self._schema.marks[name].items():
            if isinstance(held, dict) and not allowed.holds(held.get(attribute)):
                raise Refused("invalid", detail=f"{attribute} of {key}")
