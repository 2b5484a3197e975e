"""French analysis: from a text to the words and stems that are indexed (*analyse du français*).

One analysis serves every engine, the highlighter and the queries, so they cannot disagree. A text is
folded to one byte a code point (lower case, no accents, everything that is no letter or digit a
space), which keeps offsets and makes splitting, counting and searching run at C speed. Elision needs
no rule of its own: an apostrophe separates, and the clitic (`l`, `qu`…) is a stop word.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

FOREIGN: Final = 0x01
"""Stands for a letter that Latin does not have: such texts take the slow way."""
OE: Final = 0x02
AE: Final = 0x03
SPACE: Final = 0x20
LONGEST: Final = 60
"""Longer runs of letters are no words: encoded data, broken extraction."""

_FORGOTTEN: Final = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\x00")
_FORGOTTEN_RE: Final = re.compile("[" + "".join(_FORGOTTEN) + "]")
_WORD: Final = re.compile(r"[^\W_]+")
_CACHE: Final = 400_000

STOP_WORDS: Final = frozenset(
    """
    a à ai aient ainsi ait alors as au aucun aucune auquel aura aurait aussi autre autres aux auxquelles auxquels
    avaient avait avec avoir ayant c car ce ceci cela celle celles celui cependant ces cet cette ceux ci comme d
    dans de des donc dont du elle elles en entre es est et etaient etait étant été être eu eux fut furent il ils j
    je l la là laquelle le lequel les lesquelles lesquels leur leurs lorsqu lorsque lui m ma mais me meme memes même
    mêmes mes mon n ne ni nos notre nous on ont or ou où par pas plus pour pourquoi puisqu puisque qu quand que quel
    quelle quelles quels qui quoi quoiqu quoique s sa sans se selon serait ses si soit son sont sur t ta te tel
    telle telles tels tes toi ton tous tout toute toutes très tu un une vos votre vous y
    """.translate(str.maketrans("àâéèêëîïôùûüç", "aaeeeeiiouuuc")).split()
)
"""Grammatical words, folded: neither required nor scored outside quotation marks."""


def _is_call(character: str) -> bool:
    """Note calls and ordinals, which belong to no word: « mot² », « nº »."""
    return character in "ºª" or unicodedata.category(character) == "No"


def _code(point: int) -> int:
    character = chr(point)
    if character in "œŒ":
        return OE
    if character in "æÆ":
        return AE
    category = unicodedata.category(character)
    if _is_call(character):
        return SPACE
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)).casefold()
    if len(base) == 1 and base.isascii() and base.isalnum():
        return ord(base)
    return FOREIGN if character.isalnum() or category[0] == "M" else SPACE


def _table() -> NDArray[np.uint8]:
    codes = np.fromiter((_code(point) for point in range(0x3000)), np.uint8, 0x3000)
    # Above: symbols are rare and scripts foreign; ligatures (U+FB00…) are undone by `clean`.
    rest = np.fromiter((FOREIGN if chr(p).isalnum() else SPACE for p in range(0x3000, 0x10000)), np.uint8, 0xD000)
    return np.concatenate([codes, rest])


_TABLE: Final = _table()
_LIGATURES: Final = re.compile("[\ufb00-\ufb06]")


def clean(text: str) -> str:
    """Compose accents; drop soft hyphens, zero-width characters, lone surrogates. Most texts come back as they are."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    if any(character in text for character in _FORGOTTEN):
        text = _FORGOTTEN_RE.sub("", text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _LIGATURES.search(text):
        text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKD", match[0]), text)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text


def fold(text: str) -> bytes:
    """One byte a code point: `a-z0-9`, space, or a code of this module. Offsets stay those of `text`."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _TABLE.take(codes, mode="clip").tobytes()


def words(text: str) -> list[str]:
    """The folded words of a text in order, elided ones included: `L'œuvre` gives `l`, `oeuvre`."""
    folded = fold(text)
    if FOREIGN in folded:
        # What the table holds for no letter is none here either, whatever else the text holds.
        bare = "".join(" " if code == SPACE else character for character, code in zip(text, folded, strict=True))
        plain = unicodedata.normalize("NFKD", bare.casefold().replace("œ", "oe").replace("æ", "ae"))
        found = _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    else:
        if OE in folded or AE in folded:
            folded = folded.replace(b"\x02", b"oe").replace(b"\x03", b"ae")
        found = folded.decode("ascii").split()
    return found if max(map(len, found), default=0) <= LONGEST else [w for w in found if len(w) <= LONGEST]


class _Stems(dict[str, str]):
    """Stem of each word seen, so that a word is stemmed once and not once an occurrence."""

    def __init__(self) -> None:
        super().__init__()
        analyzer = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer("french")).build()
        self._analyze = analyzer.analyze

    def __missing__(self, word: str) -> str:
        if len(self) >= _CACHE:
            self.clear()
        found = self._analyze(word)
        stemmed = self[word] = found[0] if found and not word.isdigit() else word
        return stemmed


STEMS: Final = _Stems()


def stem(word: str) -> str:
    """The stem of a folded word (Snowball's French): `contrats` gives `contrat`."""
    return STEMS[word]


class Lexicon(dict[str, int]):
    """Numbers for stems, so that a text is counted by numpy: from a folded word to the number of its stem.

    `names[number]` is the stem; 0 stands for every grammatical word.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names = [""]
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()
        for word in STOP_WORDS:
            self[word] = 0

    def __missing__(self, word: str) -> int:
        with self._lock:
            found = STEMS[word]
            number = self._numbers.get(found)
            if number is None:
                self.names.append(found)
                number = self._numbers[found] = len(self.names) - 1
            self[word] = number
            return number

    def encode(self, sequence: list[str]) -> NDArray[np.int32]:
        return np.fromiter(map(self.__getitem__, sequence), np.int32, len(sequence))


_lexicons = [Lexicon()]


def lexicon() -> Lexicon:
    """The lexicon to use for one text. It starts anew when it has grown large."""
    current = _lexicons[0]
    if len(current) > _CACHE:
        current = _lexicons[0] = Lexicon()
    return current
