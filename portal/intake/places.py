"""Where each word of an original's pages stands (*repérage*), found when a page is shown with words to mark."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace

from ingest import Extraction, Limits, PageLayout, Unreadable, Workers
from ingest.placing import place_words
from portal.archive.documents import Documents

LIMITS = Limits(cpu=20.0, stall=10.0, total=30.0)
"""Somebody waits for it."""
MOST = 300
"""Pages measured for one question; on those after, whole lines are marked."""
KEPT = 1_000
"""Pages remembered."""


class Places:
    """Measures in a sandboxed process of its own, so that nobody waits behind an ingest; it starts when first asked."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._workers: Workers | None = None
        self._kept: OrderedDict[tuple[str, int], PageLayout] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, reading: Extraction, digest: str, pages: Collection[int]) -> Extraction:
        """The reading with the words of these pages, counted from zero; whole lines where they cannot be found."""
        wanted = sorted(pages)[:MOST]
        with self._lock:
            found = {page: self._kept[digest, page] for page in wanted if (digest, page) in self._kept}
        missing = [page for page in wanted if page not in found]
        if missing:
            found |= self._measure(reading, digest, missing)
        layouts = (found.get(number) or _by_line(layout) for number, layout in enumerate(reading.pages))
        return replace(reading, pages=tuple(layouts))

    def _measure(self, reading: Extraction, digest: str, pages: list[int]) -> dict[int, PageLayout]:
        with self._documents.open_bytes(digest) as file:
            body = file.read()
        try:
            measured = self._open().measure(body, pages)
        except Unreadable:
            return {}
        found = {page: place_words(reading, page, measured, at) for at, page in enumerate(pages[: len(measured.pages)])}
        with self._lock:
            self._kept.update({(digest, page): layout for page, layout in found.items()})
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _open(self) -> Workers:
        with self._lock:
            if self._workers is None:
                self._workers = Workers(count=1, limits=LIMITS)
            return self._workers

    def close(self) -> None:
        with self._lock:
            if self._workers is not None:
                self._workers.close()
            self._workers = None


def _by_line(layout: PageLayout) -> PageLayout:
    """A page whose lines stand for their words."""
    words = sorted((*layout.words, *layout.lines), key=lambda word: word.start)
    return replace(layout, words=tuple(words), lines=()) if layout.lines else layout
