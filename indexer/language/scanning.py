"""From a query's text to tokens. Any text can be read: what is odd becomes a slip, and its words stay words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from indexer.analysis import LONGEST, STOP_WORDS, stem, words
from indexer.language import fields
from indexer.language.fields import FIELDS, Field, Holds
from indexer.language.lexis import Lexis, Mention
from indexer.language.tokens import Kind, Slip, Token
from indexer.references import COMPOUND, MOST, READERS
from indexer.terms import Every, Near, Phrase, Reference, Term, Wildcard, Word

FARTHEST: Final = 100
"""Words between two that are near, at most."""
SHORTEST: Final = 3
"""Letters before the first sign of a wildcard."""

_CLOSES: Final = {'"': '"', "«": "»", "“": "”“", "„": "“”"}
_OPERATOR: Final = re.compile(r"(ET|AND|OU|OR|SAUF|NON|NOT)(?=[\s()«“„\"]|$)")
_KINDS: Final = {
    "ET": Kind.AND, "AND": Kind.AND, "OU": Kind.OR, "OR": Kind.OR,
    "SAUF": Kind.NOT, "NON": Kind.NOT, "NOT": Kind.NOT,
}  # fmt: skip
_FIELD: Final = re.compile(r"([^\W\d_]{2,20}):\s*")
_BARE: Final = re.compile(r"[^\s«»“”„\"()]+")
_RUN: Final = re.compile(r"[^\s«»“”„\"()]+")
_NEAR: Final = re.compile(r"~\s?(\d{1,6})(?!\w)")
_PART: Final = re.compile(r"[^\W_]+(?:[*?]+[^\W_]+)*\*?")
_SIGNS: Final = re.compile(r"[*?]")


@dataclass(slots=True)
class Scanned:
    tokens: list[Token] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Grammatical words that stand outside quotation marks: they are not looked for."""


def scan(text: str, lexis: Lexis) -> Scanned:
    """`text` is cleaned already (`indexer.analysis.clean`)."""
    return _Scanner(text, lexis).scan()


class _Scanner:
    def __init__(self, text: str, lexis: Lexis) -> None:
        self._text = text
        self._lexis = lexis
        self._mentions = {mention.start: mention for mention in lexis.mentions(text)}
        self._found = Scanned()
        self._at = 0

    def scan(self) -> Scanned:
        while self._at < len(self._text):
            if not (self._sign() or self._mention() or self._quoted() or self._reference() or self._named()):
                self._word()
        return self._found

    def _sign(self) -> bool:
        """Blanks, parentheses, operators and the minus sign."""
        text, at = self._text, self._at
        character = text[at]
        if character.isspace():
            self._at += 1
        elif character in "()":
            self._take(Kind.OPEN if character == "(" else Kind.CLOSE, at + 1, character)
        elif self._opens_word() and (match := _OPERATOR.match(text, at)):
            self._take(_KINDS[match[1]], match.end(), match[1])
        elif character == "-" and self._opens_word() and re.match(r"[\w(«“„\"=]", text[at + 1 : at + 2]):
            self._take(Kind.NOT, at + 1, "SAUF")
        else:
            return False
        return True

    def _opens_word(self) -> bool:
        last = self._found.tokens[-1] if self._found.tokens else None
        negated = last is not None and last.kind is Kind.NOT and last.end == self._at
        return self._at == 0 or negated or self._text[self._at - 1] == "(" or self._text[self._at - 1].isspace()

    def _mention(self) -> bool:
        mention = self._mentions.get(self._at)
        if mention is None:
            return False
        self._cite(mention)
        return True

    def _cite(self, mention: Mention) -> None:
        if mention.warning:
            self._slip(mention.warning, mention.start, mention.end)
        self._take(Kind.TERM, mention.end, mention.shown, "référence", mention.term)

    def _quoted(self) -> bool:
        text, at = self._text, self._at
        closing = _CLOSES.get(text[at])
        if closing is None:
            return False
        ends = [place for mark in closing if (place := text.find(mark, at + 1)) >= 0]
        if not ends:
            self._slip("Un guillemet est resté ouvert : les mots qui le suivent sont cherchés un à un.", at, at + 1)
            self._at += 1
            return True
        inside, end = text[at + 1 : min(ends)], min(ends) + 1
        mention = self._mentions.get(at + 1)
        if mention and mention.end == end - 1 and self._found.tokens and self._found.tokens[-1].kind is Kind.SCOPE:
            self._cite(replace(mention, start=at, end=end))
            return True
        apart = _NEAR.match(text, end)
        if apart:
            self._near(inside, int(apart[1]), apart.end())
            return True
        term = quoted(inside)
        if term is None:
            self._at = end
            self._nothing(inside, at, end)
            return True
        what = "référence" if isinstance(term, Reference) else "expression"
        self._long(words(inside), at, end)
        self._take(Kind.TERM, end, f"« {' '.join(inside.split())} »", what, term)
        return True

    def _near(self, inside: str, distance: int, end: int) -> None:
        at = self._at
        wanted = tuple(dict.fromkeys(words(inside)))[:MOST]
        if len(wanted) < 2:
            self._slip("La proximité demande deux mots différents : « ~ » est sans effet.", at, end)
            term = quoted(inside)
            self._at = end
            if term is not None:
                self._take(Kind.TERM, end, f"« {' '.join(inside.split())} »", "expression", term)
            return
        if distance > FARTHEST:
            self._slip(f"La proximité va jusqu’à {FARTHEST} mots : {FARTHEST} est retenu.", at, end)
            distance = FARTHEST
        self._long(words(inside), at, end)
        shown = f"« {' '.join(inside.split())} » à {distance} mots près"
        self._take(Kind.TERM, end, shown, "proximité", Near(wanted, distance))

    def _reference(self) -> bool:
        for pattern, reader in READERS:
            match = pattern.match(self._text, self._at)
            whole = match is not None and not self._text[match.end() : match.end() + 1].isalnum()
            if match and whole and (term := reader(match)) is not None:
                what = "référence" if isinstance(term, Reference) else "mot"
                self._take(Kind.TERM, match.end(), " ".join(match[0].split()), what, term)
                return True
        return False

    def _named(self) -> bool:
        match = _FIELD.match(self._text, self._at) if self._opens_word() else None
        if match is None:
            return False
        known = FIELDS.get("".join(words(match[1])))
        if known is None:
            self._slip(_unknown(match[1]), match.start(), match.end())
            return False
        if known.holds is Holds.WORDS:
            zones = frozenset({known.target})
            self._found.tokens.append(
                Token(Kind.SCOPE, match.start(), match.end(), f"{known.name} :", "champ", zones=zones)
            )
            self._at = match.end()
            return True
        self._valued(known, match.end())
        return True

    def _valued(self, known: Field, begins: int) -> None:
        """A field and its value: in quotation marks, in parentheses, or up to the next blank."""
        start = self._at
        written, end = self._written(begins)
        read = fields.value(known, written, self._lexis) if written.strip() else f"« {known.name}: » attend une valeur."
        if isinstance(read, str):
            self._slip(read, start, max(end, begins))
            self._at = begins  # the value stays as words
            return
        term, shown = read
        self._take(Kind.TERM, end, f"{known.name} : {shown}", "champ", term)

    def _written(self, at: int) -> tuple[str, int]:
        text = self._text
        closing = _CLOSES.get(text[at : at + 1])
        if text[at : at + 1] == "(":
            closing = ")"
        if closing:
            ends = [place for mark in closing if (place := text.find(mark, at + 1)) >= 0]
            if ends:
                return text[at + 1 : min(ends)], min(ends) + 1
        for mention in self._mentions.values():
            if mention.start == at:
                return text[at : mention.end], mention.end
        for pattern, _ in READERS[:-1]:
            if match := pattern.match(text, at):
                return match[0], match.end()
        bare = _BARE.match(text, at)
        return (bare[0], bare.end()) if bare else ("", at)

    def _word(self) -> None:
        text, at = self._text, self._at
        run = _RUN.match(text, at)
        if run is None:  # a closing mark without its opening
            self._at += 1
            return
        end = min([run.end(), *(start for start in self._mentions if at < start < run.end())])
        if text[at] == "=" and self._opens_word() and end > at + 1:
            exact = tuple(words(text[at + 1 : end]))
            if exact:
                self._take(Kind.TERM, end, f"= {' '.join(exact)}", "forme exacte", Phrase(exact[:MOST]))
                return
        written = text[at:end]
        if _NEAR.fullmatch(written):
            self._slip(f"« {written} » : la proximité se place juste après des guillemets.", at, end)
        self._run(written, at, end)

    def _run(self, written: str, at: int, end: int) -> None:
        """What stands between two blanks: one word, or several joined by signs, which are all wanted."""
        parts: list[Term] = []
        for piece in _PART.findall(written) if _SIGNS.search(written) else [written]:
            if _SIGNS.search(piece):
                parts += self._wild(piece, at, end)
            else:
                parts += self._joined(piece)
        if _SIGNS.search(written) and not any(isinstance(part, Wildcard) for part in parts) and "*" in written:
            self._slip(f"« {written} » : l’étoile se place après {SHORTEST} lettres au moins.", at, end)
        self._long(words(written), at, end, written)
        self._at = end
        if parts:
            term = parts[0] if len(parts) == 1 else Every(tuple(parts))
            what = "troncature" if any(isinstance(part, Wildcard) for part in parts) else "mot"
            self._take(Kind.TERM, end, written.strip(".,;:!?…") or written, what, term, start=at)

    def _wild(self, piece: str, at: int, end: int) -> list[Term]:
        pattern = "".join(words(piece[: _SIGNS.search(piece).start()]))  # type: ignore[union-attr]  # asked before
        head = pattern
        for sign in re.findall(r"[*?]+|[^*?]+", piece)[1:]:
            pattern += (
                "".join(dict.fromkeys(sign)) if sign[0] == "*" else sign if sign[0] == "?" else "".join(words(sign))
            )
        if len(head) < SHORTEST:
            self._slip(f"« {piece} » : l’étoile se place après {SHORTEST} lettres au moins.", at, end)
            return self._words(piece)
        return [Wildcard(re.sub(r"\*[*?]+", "*", pattern))]

    def _joined(self, written: str) -> list[Term]:
        """Words, and numbers joined by hyphens, which stand side by side: L.1234-5."""
        found: list[Term] = []
        at = 0
        for match in COMPOUND.finditer(written):
            found += self._words(written[at : match.start()])
            found.append(Phrase(tuple(words(match[0]))[:MOST]))
            at = match.end()
        return found + self._words(written[at:])

    def _words(self, written: str) -> list[Term]:
        found: list[Term] = []
        for word in words(written):
            if word in STOP_WORDS:
                self._found.ignored.append(word)
            else:
                found.append(Word(stem(word), word))
        return found

    def _long(self, found: list[str], at: int, end: int, written: str = "") -> None:
        """Words that the analysis leaves out, or the phrase does not keep, are said."""
        if len(found) > MOST:
            self._slip(f"Une expression compte {MOST} mots au plus : les suivants sont laissés.", at, end)
        if any(len(piece) > LONGEST for piece in re.findall(r"[^\W_]+", written or self._text[at:end])):
            self._slip(f"Un mot de plus de {LONGEST} lettres n’est pas cherché.", at, end)

    def _nothing(self, inside: str, at: int, end: int) -> None:
        if inside.strip():
            self._slip(f"« {inside.strip()[:40]} » : rien à chercher entre ces guillemets.", at, end)

    def _take(
        self, kind: Kind, end: int, shown: str, what: str = "", term: Term | None = None, *, start: int | None = None
    ) -> None:
        self._found.tokens.append(Token(kind, self._at if start is None else start, end, shown, what, term))
        self._at = end

    def _slip(self, sentence: str, start: int, end: int) -> None:
        self._found.slips.append(Slip(sentence, start, end))


def _unknown(name: str) -> str:
    near = get_close_matches("".join(words(name)), FIELDS, 1, 0.7)
    meant = f" Vouliez-vous « {FIELDS[near[0]].name}: » ?" if near else ""
    return f"Le champ « {name}: » n’existe pas : il est cherché comme un mot.{meant}"


def quoted(text: str) -> Term | None:
    """What stands in quotation marks: an identifier alone is itself, else words side by side."""
    for pattern, reader in READERS[:-1]:
        if (match := pattern.fullmatch(text.strip())) and (term := reader(match)):
            return term
    inside = tuple(words(text))[:MOST]
    return Phrase(inside) if inside else None
