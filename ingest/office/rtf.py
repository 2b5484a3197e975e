"""Rich text (*RTF*): code pages by font, `\\u` characters, tables, notes; hidden and deleted words left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from ingest.extraction import Extraction
from ingest.markup import tidy
from ingest.media_type import RTF
from ingest.metadata import enrich
from ingest.office.package import damaged

MAX_BYTES = 256 << 20
MAX_DEPTH = 4000
TRUNCATED = "La fin de ce fichier manque : vérifiez le texte et redéposez-en une copie entière si besoin."
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_SKIPPED = frozenset(
    (
        b"colortbl", b"stylesheet", b"info", b"pict", b"objdata", b"themedata", b"datastore",
        b"colorschememapping", b"latentstyles", b"generator", b"listtable", b"listoverridetable", b"revtbl",
        b"rsidtbl", b"xmlnstbl", b"fldinst", b"bkmkstart", b"bkmkend", b"filetbl", b"pgptbl", b"xe", b"tc",
        b"template", b"passwordhash", b"atnid", b"atnauthor", b"annotation", b"private", b"nonshppict", b"sp",
        b"mmathPr", b"wgrffmtfilter", b"objclass", b"fontemb", b"panose", b"falt", b"ftnsep", b"ftnsepc",
        b"ftncn", b"aftnsep", b"aftnsepc", b"aftncn", b"ud",
    )
)  # fmt: skip
_STARRED = frozenset(
    (b"shpinst", b"shptxt", b"footnote", b"fldrslt", b"result", b"nesttableprops", b"listtext", b"shprslt")
)
_MARGINS = frozenset((b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"))
_SIGNS = {
    b"par": "\n\n", b"line": "\n", b"tab": "\t", b"cell": " | ", b"nestcell": " | ", b"row": "\n", b"nestrow": "\n",
    b"sect": "\n\n", b"page": "\n\n", b"column": "\n", b"emdash": "—", b"endash": "–", b"emspace": " ",
    b"enspace": " ", b"qmspace": " ", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"softline": "\n",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "", b"\n": "\n\n", b"\r": "\n\n", b"\\": "\\", b"{": "{", b"}": "}"}
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_EMPTY_CELLS = re.compile(r"(?: ?\|)+ ?$", re.MULTILINE)
SYMBOL = "symbol"


class Rtf:
    """Reads RTF of any age. Raises `Unreadable`: damaged."""

    media_types = frozenset({RTF, "text/rtf"})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        data = file.read(MAX_BYTES)
        reader = _Reader(data)
        text = reader.read()
        if not text and reader.cut:
            raise damaged()
        warnings = (TRUNCATED,) if reader.cut else ()
        return enrich(Extraction(media_type=RTF, text=text, warnings=warnings), name)


@dataclass(slots=True)
class _State:
    """What a group inherits and gives back at its brace."""

    sink: list[str]
    skipped: bool = False
    fonts: bool = False
    hidden: bool = False
    deleted: bool = False
    page: str = ""
    fallback: int = 1
    """Characters that follow a `\\u` for programs that do not know it."""


@dataclass(slots=True)
class _Reader:
    data: bytes
    cut: bool = False
    page: str = "cp1252"
    body: list[str] = field(default_factory=list)
    margins: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    _font: int = 0
    _bytes: bytearray = field(default_factory=bytearray)
    _opened: bool = False
    _starred: bool = False
    _to_skip: int = 0

    def read(self) -> str:
        state, stack = _State(self.body), list[_State]()
        at, end = 0, len(self.data)
        while at < end:
            token = _TOKEN.match(self.data, at)
            if token is None:
                break
            at = token.end()
            opened, self._opened = self._opened, token["brace"] == b"{"
            if token["byte"] is not None:
                self._byte(state, int(token["byte"], 16))
                continue
            if token["plain"] is not None:
                self._plain(state, token["plain"])
                continue
            self._flush(state)
            if token["brace"] == b"{":
                stack.append(state)
                state, self._to_skip = replace(state), 0
                if len(stack) > MAX_DEPTH:
                    raise damaged()
            elif token["brace"] == b"}":
                self._to_skip = 0
                if not stack:
                    break
                state = stack.pop()
                if not stack:
                    return self._whole()
            elif token["word"] is not None:
                at += self._word(state, token["word"], int(token["number"]) if token["number"] else None)
            elif token["sign"] is not None:
                self._sign(state, token["sign"], opened)
        self._flush(state)
        self.cut = True
        return self._whole()

    def _byte(self, state: _State, code: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif not state.skipped:
            self._bytes.append(code)

    def _plain(self, state: _State, text: bytes) -> None:
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        if not state.skipped:
            self._bytes += text[skipped:]

    def _flush(self, state: _State) -> None:
        if self._bytes:
            page = state.page or self.page
            raw, self._bytes = bytes(self._bytes), bytearray()
            self._put(state, "•" if page == SYMBOL and raw == b"\xb7" else _decode(raw, page))

    def _put(self, state: _State, text: str) -> None:
        if not (state.skipped or state.fonts or state.hidden or state.deleted):
            state.sink.append(text)

    def _sign(self, state: _State, sign: bytes, opened: bool) -> None:
        if sign == b"*":
            self._starred = opened  # elsewhere than at a group's start, writers err: nothing is to be skipped
        elif self._to_skip and sign in _SYMBOLS:
            self._to_skip -= 1
        else:
            self._put(state, _SYMBOLS.get(sign, ""))

    def _word(self, state: _State, word: bytes, number: int | None) -> int:
        """Act on a control word; returns the raw bytes to pass over after it."""
        starred, self._starred = self._starred, False
        if word == b"bin":
            return max(0, number or 0)
        if self._to_skip and word not in (b"u", b"uc"):
            self._to_skip -= 1
            return 0
        if word in _SKIPPED or (starred and word not in _STARRED):
            state.skipped = True
        elif word == b"u" and number is not None:
            self._put(state, chr(number % 65536))
            self._to_skip = state.fallback
        elif word in _SIGNS:
            self._put(state, _SIGNS[word])
        else:
            self._set(state, word, number)
        return 0

    def _set(self, state: _State, word: bytes, number: int | None) -> None:
        on = number != 0
        if word == b"uc":
            state.fallback = max(0, min(number or 0, 64))
        elif word == b"v":
            state.hidden = on
        elif word == b"deleted":
            state.deleted = on
        elif word == b"plain":
            state.hidden = state.deleted = False
            state.page = ""
        elif word == b"fonttbl":
            state.fonts = True
        elif word == b"f" and number is not None:
            self._font = number
            state.page = "" if state.fonts else self.fonts.get(number, "")
        elif word == b"fcharset" and state.fonts:
            self.fonts[self._font] = SYMBOL if number == 2 else _CHARSETS.get(number or 0, "")
        elif word in _PAGES:
            self.page = _PAGES[word]
        elif word == b"ansicpg" and number:
            self.page = "mac_roman" if number == 10000 else f"cp{number}"
        elif word == b"footnote":
            self.notes.append([])
            self._put(state, f" [{len(self.notes)}] ")
            state.sink = self.notes[-1]
        elif word in _MARGINS:
            self.margins.append([])
            state.sink = self.margins[-1]

    def _whole(self) -> str:
        margins = dict.fromkeys(tidy(_joined(margin)) for margin in self.margins)
        worded = [text for text in margins if sum(sign.isalpha() for sign in text) > 6]
        notes = [f"[{place}] {tidy(_joined(note))}" for place, note in enumerate(self.notes, 1)]
        return _EMPTY_CELLS.sub("", tidy("\n\n".join([*worded, _joined(self.body), *notes])))


def _joined(parts: list[str]) -> str:
    """Halves of characters beyond the first plane, given one by one, come together."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _decode(raw: bytes, page: str) -> str:
    if page == SYMBOL:
        return "".join(chr(code) for code in raw if 32 <= code < 127)
    try:
        return raw.decode(page, "replace" if page != "cp1252" else "strict")
    except (LookupError, UnicodeDecodeError):
        return raw.decode("latin-1")
