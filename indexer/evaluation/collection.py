"""A test collection in the manner of BEIR: corpus.jsonl[.gz], queries.jsonl, qrels.tsv (Thakur et al. 2021)."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from indexer.record import Record

READER: Final = frozenset({"evaluation"})
"""The one label of a collection's records: whoever evaluates reads all of them."""


class InvalidCollection(ValueError):
    """The folder holds no collection that can be read. The sentence is for the person who named it, in French."""


@dataclass(frozen=True, slots=True)
class Collection:
    """`queries` are texts by id; `grades` of the documents relevant to each (1 or more), by document."""

    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]
    records: Mapping[str, Record]


def read_collection(folder: Path, corpus: Path | None = None, where: Mapping[str, str] | None = None) -> Collection:
    """Queries that a document of the corpus answers, and pass `where` (`{"source": "service-public"}`).

    `corpus` is read in place of the folder's own. Raises InvalidCollection.
    """
    where = where or {}
    records = {record.id: record for record in map(_record, _lines(corpus or _corpus_of(folder)))}
    grades = _grades(folder / "qrels.tsv", records)
    queries = {
        str(query["id"]): str(query["text"])
        for query in _lines(folder / "queries.jsonl")
        if str(query["id"]) in grades and all(_told(query.get(name)) == value for name, value in where.items())
    }
    if not queries:
        raise InvalidCollection(
            f"Aucune requête de « {folder} » n'a de réponse dans ce corpus avec ces conditions : vérifiez --where et "
            "--corpus."
        )
    return Collection(queries, {name: grades[name] for name in queries}, records)


def _corpus_of(folder: Path) -> Path:
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        if (folder / name).is_file():
            return folder / name
    raise InvalidCollection(
        f"« {folder} » n'est pas un jeu d'évaluation : il y faut corpus.jsonl (ou corpus.jsonl.gz), queries.jsonl et "
        "qrels.tsv."
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    number = 1
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield _line(line)
                number += 1
    except OSError as error:
        raise InvalidCollection(f"« {path} » ne peut pas être lu : {error.strerror or error}.") from None
    except (ValueError, EOFError):
        raise InvalidCollection(
            f"« {path} », ligne {number} : il faut un objet JSON avec « id » et « text » sur chaque ligne."
        ) from None


def _line(line: str) -> dict[str, Any]:
    """Raises ValueError."""
    found = json.loads(line)
    if isinstance(found, dict) and {"id", "text"} <= found.keys():
        return found
    raise ValueError(line)


def _grades(path: Path, records: Mapping[str, Record]) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    number = 0
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            query, document, grade = line.split("\t")
            if number > 1 and document in records and int(grade) > 0:
                grades.setdefault(query, {})[document] = int(grade)
    except OSError as error:
        raise InvalidCollection(f"« {path} » ne peut pas être lu : {error.strerror or error}.") from None
    except ValueError:
        raise InvalidCollection(
            f"« {path} », ligne {number} : il faut une requête, un document et une note entière, séparés par des "
            "tabulations."
        ) from None
    return grades


def _record(found: Mapping[str, Any]) -> Record:
    """A document with what its line tells beside its text, as an archive would know it."""
    day = found.get("decision_date")
    return Record(
        id=str(found["id"]),
        document=str(found["id"]),
        kind=str(found.get("kind", "texte")),
        title=str(found.get("title", "")),
        labels=READER,
        published=True,
        themes="\n".join(_texts(found, "path")),
        numbers=tuple(re.sub(r"\W", "", number) for number in _texts(found, "numbers")),
        ecli=found.get("ecli"),
        chamber=found.get("chamber"),
        date=date.fromisoformat(day) if day else None,
        zones={"texte": str(found["text"])},
    )


def _texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = found.get(name, ())
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _told(value: object) -> str:
    """A value as one writes it on a command line: `true`, `3`, `service-public`."""
    return value if isinstance(value, str) else json.dumps(value)
