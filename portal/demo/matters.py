"""The law that the demo court judges: questions, accessory pleas and exhibits, read from `prose/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

CHAMBERS = ("soc", "civ1", "civ2", "civ3", "comm", "cr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A point of law with all that is said of it, as templates of `wording.Wording`.

    `a` and `b` are the kinds of the two parties below; `demandeur` is the one who appeals to the court.
    `gaps` are days from the first date of the story to each of the five dates `{d1}`…`{d5}`.
    """

    key: str
    chamber: str
    matter: str
    title: str
    nac: str
    demandeur: str
    a: str
    b: str
    premier: str
    gaps: tuple[int, ...]
    facts: tuple[str, ...]
    demande: str
    grief: str
    chef: str
    branches: tuple[str, ...]
    defense: tuple[str, ...]
    motifs: str
    visa: str
    rule: tuple[str, ...]
    cass: str
    rejet: str
    point: str
    debate: tuple[str, ...]
    themes: tuple[str, ...]
    summary: str
    exhibits: tuple[str, ...]
    articles: tuple[str, ...]
    """`code du travail#L1234-1`: the code in lower case, the number as the code prints it."""
    since: date = date(2021, 9, 1)
    """No decision on this question is older: the rule did not stand."""
    last_resort: bool = False
    """The first judges ruled in last resort: their judgment is what is appealed."""
    incident: bool = False
    """The story happens on appeal: the first judgment comes before it."""
    detention: bool = False
    conviction: str = ""


@dataclass(frozen=True, slots=True)
class Plea:
    """An accessory plea (*moyen accessoire*)."""

    chambers: tuple[str, ...]
    grief: str
    branch: str
    discussion: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A template of exhibit (*pièce produite*); lines that begin with # are headings."""

    key: str
    title: str
    media: str
    body: tuple[str, ...]


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(files("portal.demo").joinpath("prose", name).read_text("utf-8"))


def _question(chamber: str, raw: dict[str, object]) -> Question:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    renamed = {"A": "a", "B": "b", "dernier_ressort": "last_resort", "condamnation": "conviction"}
    values = {renamed.get(key, key): value for key, value in values.items()}
    if "since" in values:
        values["since"] = date.fromisoformat(str(values["since"]))
    return Question(chamber=chamber, **values)  # type: ignore[arg-type]  # the tests read every key of every file


@cache
def questions() -> tuple[Question, ...]:
    """All questions, chamber by chamber."""
    found = []
    for chamber in CHAMBERS:
        raw = _read(f"{chamber}.toml")["question"]
        assert isinstance(raw, list)
        found += [_question(chamber, one) for one in raw]
    return tuple(found)


@cache
def pleas() -> tuple[Plea, ...]:
    raw = _read("accessory.toml")["plea"]
    assert isinstance(raw, list)
    return tuple(Plea(tuple(one["chambers"]), one["grief"], one["branch"], tuple(one["discussion"])) for one in raw)


@cache
def developments(kind: str) -> tuple[str, ...]:
    """Paragraphs on method that any pleading, report or judgment may hold, by kind."""
    raw = _read("developments.toml")[kind]
    assert isinstance(raw, list)
    return tuple(raw)


@cache
def voices(question: str) -> dict[str, str]:
    """What people outside the court say on this question: `message`, `testimony`, `letter`, where they do."""
    raw = _read("voices.toml").get(question, {})
    assert isinstance(raw, dict)
    return raw


@cache
def exhibits() -> dict[str, Exhibit]:
    """Exhibit templates by key."""
    found = {}
    for key, raw in _read("exhibits.toml").items():
        assert isinstance(raw, dict)
        found[key] = Exhibit(key, raw["title"], raw["media"], tuple(raw["body"]))
    return found


def show_article(key: str) -> str:
    """`code du travail#L1234-1` → « article L. 1234-1 du code du travail »."""
    code, number = key.split("#")
    shown = f"{number[0]}. {number[1:]}" if number[0] in "LRD" else number
    return f"article {shown} {'des' if code.startswith('codes') else 'du' if code.startswith('code ') else 'de'} {code}"
