"""The vector index: what is near, for whom, and what a crash leaves."""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.vectors import Access, Entry, Narrowing, Neighbour, Place, ReadOnly, VectorIndex, WriterBusy
from indexer.vectors import manifest as manifests

SIZE = 32
ALL = frozenset({"public"})


def unit(seed: int, count: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, SIZE)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def entry(document: str, vectors: NDArray[np.float32], labels: frozenset[str] = ALL, **given: Any) -> Entry:
    places = tuple(Place("texte", 10 * at, 10 * at + 5, at + 1) for at in range(len(vectors)))
    unless = given.pop("unless", frozenset())
    return Entry(document=document, access=Access(labels, unless), places=places, vectors=vectors, **given)


def names(found: list[Neighbour]) -> list[str]:
    return [neighbour.document for neighbour in found]


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    return VectorIndex(tmp_path / "vectors", writer=True)


def test_search_agrees_with_exact_float32(index: VectorIndex) -> None:
    """The ten nearest documents, their best passages and cosines are those of plain float32 products."""
    held = {f"d{number}": unit(number, 3) for number in range(600)}
    for start in range(0, 600, 97):
        index.replace([entry(name, held[name]) for name in list(held)[start : start + 97]], model="m")
    right = 0
    for seed in range(40):
        query = unit(10_000 + seed)[0]
        cosines = {name: vectors @ query for name, vectors in held.items()}
        exact = sorted(cosines, key=lambda name: -cosines[name].max())[:10]
        found = index.search(query, labels=ALL, k=10)
        right += len(set(names(found)) & set(exact))
        for neighbour in found:
            assert neighbour.score == pytest.approx(float(cosines[neighbour.document].max()), abs=2e-3)
            assert neighbour.place.start == 10 * int(cosines[neighbour.document].argmax())
    assert right >= 0.98 * 400


def test_each_document_is_listed_once_however_many_passages_are_near(index: VectorIndex) -> None:
    """A document with a thousand near passages leaves room for the others."""
    query = unit(1)[0]
    index.replace([entry("many", np.repeat(query[np.newaxis], 1000, axis=0))], model="m")
    index.replace([entry(f"d{seed}", unit(seed)) for seed in range(2, 8)], model="m")
    assert sorted(names(index.search(query, labels=ALL, k=7))) == sorted(
        ["many", *(f"d{seed}" for seed in range(2, 8))]
    )


def test_reader_finds_what_meets_their_labels_and_nothing_that_unless_bars(index: VectorIndex) -> None:
    """`labels` must meet the reader's, and `unless` must not."""
    index.replace(
        [
            entry("body", unit(1), frozenset({"a"})),
            entry("body", unit(2), frozenset({"b"}), unless=frozenset({"a"})),
            entry("other", unit(3), frozenset({"c"})),
        ],
        model="m",
    )
    query = unit(2)[0]
    assert names(index.search(query, labels=frozenset({"b"}), k=5)) == ["body"]
    (both,) = index.search(query, labels=frozenset({"a", "b"}), k=5)
    assert both.score == pytest.approx(float(unit(1)[0] @ query), abs=2e-3)
    assert index.search(query, labels=frozenset(), k=5) == []
    assert index.search(query, labels=frozenset({"d"}), k=5) == []


def test_hidden_rows_leave_no_trace(tmp_path: Path) -> None:
    """A reader's answers are the same, scores and ties too, with and without thousands of nearer hidden rows."""
    draw = random.Random(3)
    kinds = [{"kind": ("arret" if seed % 3 else "note",)} for seed in range(200)]
    # Vectors repeat, so there are ties.
    visible = [entry(f"v{seed}", unit(seed % 50, 2), facets=kinds[seed]) for seed in range(200)]
    hidden = [entry(f"h{seed}", unit(seed % 7, 3), frozenset({draw.choice("xyz")})) for seed in range(2000)]
    with_hidden = VectorIndex(tmp_path / "with", writer=True)
    without = VectorIndex(tmp_path / "without", writer=True)
    without.replace(visible, model="m")
    mixed = [*visible, *hidden]
    draw.shuffle(mixed)
    for start in range(0, len(mixed), 301):
        with_hidden.replace(mixed[start : start + 301], model="m")
    with_hidden.remove([found.document for found in hidden[::3]])
    for seed in range(30):
        for k in (1, 7, 50):
            for narrowing in (Narrowing(), Narrowing(facets={"kind": frozenset({"arret"})})):
                query = unit(seed)[0]
                found = with_hidden.search(query, labels=ALL, k=k, narrowing=narrowing)
                assert found == without.search(query, labels=ALL, k=k, narrowing=narrowing)
    everything = frozenset({"public", "x", "y", "z"})
    assert with_hidden.search(unit(3)[0], labels=everything, k=50) != without.search(
        unit(3)[0], labels=everything, k=50
    )


def test_denied_documents_are_taken_out_before_k(index: VectorIndex) -> None:
    """Denying the nearest documents lets as many others in."""
    index.replace([entry(f"d{seed}", unit(seed)) for seed in range(300)], model="m")
    query = unit(7)[0]
    every = names(index.search(query, labels=ALL, k=300))
    denied = frozenset(every[:200])
    assert names(index.search(query, labels=ALL, k=50, denied=denied)) == every[200:250]


def test_filters_are_applied_before_k(index: VectorIndex) -> None:
    """Any value within a facet, all facets together, dates inclusive, undated documents outside any dates."""
    index.replace(
        [
            entry(
                f"d{seed}",
                unit(seed),
                facets={"kind": ("arret" if seed % 2 else "note",), "publication": ("b", "r") if seed % 3 else ()},
                date=date(2020, 1, 1 + seed) if seed < 20 else None,
            )
            for seed in range(40)
        ],
        model="m",
    )
    query = unit(99)[0]

    def asked(narrowing: Narrowing) -> set[str]:
        return set(names(index.search(query, labels=ALL, k=40, narrowing=narrowing)))

    arrets = {f"d{seed}" for seed in range(40) if seed % 2}
    assert asked(Narrowing(facets={"kind": frozenset({"arret"})})) == arrets
    assert asked(Narrowing(facets={"kind": frozenset({"arret", "note"})})) == {f"d{seed}" for seed in range(40)}
    both = Narrowing(facets={"kind": frozenset({"arret"}), "publication": frozenset({"r", "x"})})
    assert asked(both) == {name for name in arrets if int(name[1:]) % 3}
    dated = Narrowing(date_from=date(2020, 1, 5), date_to=date(2020, 1, 8))
    assert asked(dated) == {"d4", "d5", "d6", "d7"}
    assert asked(Narrowing(date_to=date(2020, 1, 2))) == {"d0", "d1"}
    assert asked(Narrowing(facets={"unknown": frozenset({"x"})})) == set()


def test_replace_moves_a_document_and_may_be_repeated(index: VectorIndex) -> None:
    """A narrowed document leaves its former readers at once; replaying changes nothing."""
    query = unit(1)[0]
    index.replace([entry("a", unit(1, 4)), entry("b", unit(2))], model="m")
    for _ in range(3):
        index.replace([entry("a", unit(1, 2), frozenset({"secret"}))], model="m")
        assert names(index.search(query, labels=ALL, k=5)) == ["b"]
        assert names(index.search(query, labels=frozenset({"secret"}), k=5)) == ["a"]
    assert len(index) == 3


def test_remove_forgets_and_may_be_repeated(index: VectorIndex) -> None:
    """Removed documents are gone, unknown ones are ignored."""
    index.replace([entry("a", unit(1)), entry("b", unit(2))], model="m")
    for _ in range(2):
        index.remove(["a", "never-there"])
    assert names(index.search(unit(1)[0], labels=ALL, k=5)) == ["b"]
    index.remove(["b"])
    assert index.search(unit(1)[0], labels=ALL, k=5) == []
    assert len(index) == 0


def test_lacking_names_what_is_not_held(index: VectorIndex) -> None:
    """Documents never given, removed, or given without a passage are lacking; a replaced one is not."""
    index.replace([entry(name, unit(at)) for at, name in enumerate("abcd")], model="m")
    index.replace([entry("a", unit(9)), entry("b", unit(0, 0))], model="m")
    index.remove(["c"])
    assert index.lacking("abcde") == {"b", "c", "e"}
    assert index.lacking([]) == set()


def test_many_commits_leave_few_segments_and_the_same_answers(tmp_path: Path) -> None:
    """Random replacements and removals end as a plain dict says, in a number of files that grows with the logarithm."""
    draw = random.Random(5)
    index = VectorIndex(tmp_path, writer=True)
    held: dict[str, NDArray[np.float32]] = {}
    for step in range(150):
        chosen = {f"d{draw.randrange(120)}" for _ in range(draw.randrange(1, 6))}
        if draw.random() < 0.25:
            index.remove(chosen)
            for name in chosen:
                held.pop(name, None)
        else:
            given = {name: unit(draw.randrange(10**6), draw.randrange(1, 4)) for name in chosen}
            index.replace([entry(name, vectors) for name, vectors in given.items()], model="m")
            held |= given
        if step % 10 == 0:
            query = unit(step)[0]
            found = index.search(query, labels=ALL, k=200)
            assert {n.document: round(n.score, 2) for n in found} == pytest.approx(
                {name: float((vectors @ query).max()) for name, vectors in held.items()}, abs=0.01
            )
    assert len(index) == sum(map(len, held.values()))
    assert len(list(tmp_path.glob("segment-*"))) <= 9
    named = {listed["segment"] for listed in json.loads((tmp_path / manifests.FILE).read_bytes())["segments"]}
    assert {path.name for path in tmp_path.glob("segment-*")} == named


def test_entries_come_back_as_they_were_given(index: VectorIndex) -> None:
    """Places, facets, access and date survive, also a merge of segments; vectors to float16's precision."""
    given = entry("é-1", unit(1, 2), facets={"kind": ("arret",)}, date=date(2020, 2, 29), unless=frozenset({"z"}))
    index.replace([given], model="m")
    index.replace([entry("other", unit(5))], model="m")
    (held,) = index.entries("é-1")
    assert (held.access, held.places, held.facets, held.date) == (given.access, given.places, given.facets, given.date)
    assert np.abs(held.vectors - given.vectors).max() < 1e-3
    assert index.entries("unknown") == []


def test_an_entry_without_passages_only_takes_away(index: VectorIndex) -> None:
    """A document whose text is gone loses its vectors."""
    index.replace([entry("a", unit(1))], model="m")
    index.replace([entry("a", np.empty((0, SIZE), np.float32))], model="m")
    assert index.search(unit(1)[0], labels=ALL, k=5) == []


def test_vectors_of_another_model_are_forgotten(index: VectorIndex) -> None:
    """Vectors of two models are never compared."""
    assert index.model is None
    index.replace([entry("a", unit(1))], model="one")
    index.replace([entry("b", unit(2))], model="two")
    assert index.model == "two"
    assert names(index.search(unit(1)[0], labels=ALL, k=5)) == ["b"]


def test_one_process_writes_and_a_reader_may_not(index: VectorIndex, tmp_path: Path) -> None:
    """A second writer is refused until the first one closes; a reader is refused always."""
    with pytest.raises(WriterBusy):
        VectorIndex(tmp_path / "vectors", writer=True)
    with pytest.raises(ReadOnly):
        VectorIndex(tmp_path / "vectors").remove(["a"])
    index.close()
    VectorIndex(tmp_path / "vectors", writer=True).close()


def test_a_reader_opens_before_anything_is_written(tmp_path: Path) -> None:
    """No folder yet is an empty index, which fills under the reader's eyes."""
    reader = VectorIndex(tmp_path / "later")
    assert reader.search(unit(1)[0], labels=ALL, k=5) == []
    VectorIndex(tmp_path / "later", writer=True).replace([entry("a", unit(1))], model="m")
    assert names(reader.search(unit(1)[0], labels=ALL, k=5)) == ["a"]


def _write(directory: Path, count: int) -> None:
    index = VectorIndex(directory, writer=True)
    for number in range(count):
        index.replace([entry(f"d{number}", unit(number)), entry("moving", unit(number))], model="m")
    index.close()


def test_readers_in_other_processes_see_each_commit_whole(tmp_path: Path) -> None:
    """While another process commits and merges, a reader never fails, never goes back and never sees half a commit."""
    reader = VectorIndex(tmp_path / "vectors")
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(tmp_path / "vectors", 60))
    writer.start()
    seen, deadline = 0, time.monotonic() + 120
    while seen < 60 and time.monotonic() < deadline:
        found = names(reader.search(unit(1)[0], labels=ALL, k=100))
        assert found.count("moving") == (1 if found else 0)
        assert len(found) - 1 >= seen or not found
        seen = max(seen, len(found) - 1)
    writer.join(60)
    assert writer.exitcode == 0
    assert seen == 60


def test_a_commit_cut_short_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that no manifest names, whole or torn, count for nothing and are swept by the next writer."""
    index = VectorIndex(tmp_path, writer=True)
    index.replace([entry("a", unit(1)), entry("b", unit(2))], model="m")

    def crash(*_: object) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("indexer.vectors.index.write_manifest", crash)
        with pytest.raises(OSError, match="no space"):
            index.replace([entry("a", unit(3), frozenset({"secret"}))], model="m")
    (tmp_path / "segment-00000099").write_bytes(b"MNTVEC01torn")
    (tmp_path / "manifest.json.new").write_bytes(b"{")
    assert names(index.search(unit(1)[0], labels=ALL, k=5)) == ["a", "b"]
    index.close()
    again = VectorIndex(tmp_path, writer=True)
    assert names(again.search(unit(1)[0], labels=ALL, k=5)) == ["a", "b"]
    assert not (tmp_path / "segment-00000099").exists()
    assert not (tmp_path / "manifest.json.new").exists()
    again.replace([entry("c", unit(3))], model="m")
    assert len(again) == 3


def test_a_search_under_way_keeps_what_it_reads(tmp_path: Path) -> None:
    """Segments that a merge replaces stay readable to whoever has them mapped."""
    writer = VectorIndex(tmp_path, writer=True)
    writer.replace([entry(f"d{seed}", unit(seed)) for seed in range(50)], model="m")
    reader = VectorIndex(tmp_path)
    parts = reader._current()
    for seed in range(50, 120):
        writer.replace([entry(f"d{seed}", unit(seed))], model="m")
    from indexer.vectors.scan import nearest

    found = nearest(parts, unit(3)[0], labels=ALL, denied=(), k=3, narrowing=Narrowing())
    assert found[0].document == "d3"
