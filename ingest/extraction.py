"""What a file turns into: text, zones, metadata, citations and layout, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Generic, NamedTuple, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A piece of metadata that knows where it comes from. What a file states wins over what is guessed."""

    value: T
    stated: bool
    """True when the file says so in a field of its own; False when it was read out of its prose or name."""
    where: str
    """The field, tag or place in the text, for a person: `ECLI`, `en-tête`, `nom du fichier`."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a decision: half-open code point offsets in `Extraction.text`.

    Names: introduction, expose, moyens, motivations, dispositif, annexes.
    """

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference found in a text (*visa, référence*), resolved or not. Offsets as in `Zone`."""

    kind: str
    """pourvoi, ecli, article, rg, decision, bulletin, qpc, cedh, portalis, legacy."""
    text: str
    start: int
    end: int
    value: str
    """Normal form: `2112345`, `ECLI:FR:CCASS:2022:C100387`, `code civil#1240`, `18/04351`."""
    note: str = ""
    """A warning for a person, such as a wrong key letter."""


class Word(NamedTuple):
    """A word on a page, or a line: offsets in `Extraction.text`; box in points, origin top left of the page."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page's size in points and what stands where; `scanned` when the words come from OCR."""

    width: float
    height: float
    words: tuple[Word, ...] = ()
    scanned: bool = False
    lines: tuple[Word, ...] = ()
    """Whole lines, where their words are measured only once somebody looks for one on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of a document beside its text. Absent is None or empty, never a made-up value."""

    title: Value[str] | None = None
    kind: Value[str] | None = None
    """arret, ordonnance, avis, qpc, rapport, memoire, conclusions, note, courrier, jugement, piece, texte…"""
    numbers: tuple[Value[str], ...] = ()
    """Appeal numbers as seven digits, in the order of the file."""
    rg: tuple[Value[str], ...] = ()
    ecli: Value[str] | None = None
    decision_number: Value[str] | None = None
    jurisdiction: Value[str] | None = None
    """cc, ca, tj, tcom, cph or a name."""
    chamber: Value[str] | None = None
    formation: Value[str] | None = None
    date: Value[date] | None = None
    solution: Value[str] | None = None
    """Judilibre's code: cassation rejet annulation avis decheance designation irrecevabilite nonlieu …"""
    solution_detail: Value[str] | None = None
    """The solution in the file's own words: « Cassation partielle sans renvoi »."""
    publication: tuple[Value[str], ...] = ()
    """Letters b r l c n."""
    parties: tuple[Value[str], ...] = ()
    president: Value[str] | None = None
    rapporteur: Value[str] | None = None
    advocate_general: Value[str] | None = None
    counsel: Value[str] | None = None
    contested: Value[str] | None = None
    themes: tuple[str, ...] = ()
    summary: str = ""
    visa: tuple[str, ...] = ()
    source: str = "file"
    """dila, jurinet, jurica, … for records of those feeds; `file` otherwise."""
    source_id: str = ""
    """The source's own identifier, JURITEXT… or Judilibre's."""
    published: bool = False
    """Handed down and pseudonymised for diffusion: true for DILA and Judilibre records alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The whole of what was read from one file. A file without words has an empty `text`."""

    media_type: str
    text: str
    zones: tuple[Zone, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    citations: tuple[Citation, ...] = ()
    pages: tuple[PageLayout, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences in French for the person who deposited the file."""


class Unreadable(Exception):
    """The file cannot become text. `reason` is a stable code, the message a sentence for a clerk, in French."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class Extractor(Protocol):
    """One family of formats. Runs inside the sandbox only: `extract` may crash, hang or eat memory.

    Raises `Unreadable` for what it recognises as damaged, encrypted or empty.
    """

    media_types: frozenset[str]

    def extract(self, file: BinaryIO, name: str) -> Extraction: ...
