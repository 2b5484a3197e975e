"""A document made of zipped parts (*DOCX, ODT, XLSX*), each part bounded and parsed without entities or network."""

from __future__ import annotations

import zipfile
import zlib
from typing import Any, BinaryIO

from lxml import etree

from ingest.extraction import Unreadable
from ingest.markup import xml_parser

MIB = 1 << 20
PART_BYTES = 128 * MIB
TOTAL_BYTES = 512 * MIB
RATIO = 250
FLOOR = 16 * MIB
DAMAGED = (
    "Ce document est abîmé et n'a pas pu être lu : il est gardé tel quel, enregistrez-le de nouveau dans son logiciel"
    " puis redéposez-le."
)
BOMB = (
    "Ce document enfle démesurément à l'ouverture et a été laissé fermé : il est gardé tel quel, enregistrez-le en PDF"
    " puis redéposez-le."
)
ENTITIES = (
    "Ce document cherche à lire des données hors de lui et a été laissé fermé : il est gardé tel quel, enregistrez-le"
    " en PDF puis redéposez-le."
)
ENCRYPTED = (
    "Ce document est protégé par un mot de passe : il est gardé tel quel, enregistrez-le sans protection puis"
    " redéposez-le."
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def damaged() -> Unreadable:
    return Unreadable("damaged", DAMAGED)


class Package:
    """Parts by name. Raises `Unreadable`: `damaged`, `bomb`, `unsafe` or `encrypted`."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise damaged() from error
        self._left = TOTAL_BYTES
        self._names = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in self._zip.infolist()}

    def names(self) -> list[str]:
        return list(self._names)

    def has(self, name: str) -> bool:
        return name.lower().lstrip("/") in self._names

    def read(self, name: str) -> bytes:
        """A part's bytes. Names are matched without case; a part that is not there is damage."""
        info = self._names.get(name.lower().lstrip("/"))
        if info is None:
            raise damaged()
        if info.flag_bits & 1:
            raise Unreadable("encrypted", ENCRYPTED)
        heavy = info.file_size > FLOOR and info.file_size > RATIO * max(1, info.compress_size)
        if heavy or info.file_size > min(PART_BYTES, self._left):
            raise Unreadable("bomb", BOMB)
        self._left -= info.file_size
        try:
            return self._zip.read(info)
        except _BROKEN as error:
            raise damaged() from error

    def tree(self, name: str) -> Any:
        """A part's root element; slightly broken XML is read as far as it makes sense."""
        body = self.read(name)
        head = body[:65536]
        if b"<!ENTITY" in head or "<!ENTITY".encode("utf-16-le") in head or "<!ENTITY".encode("utf-16-be") in head:
            raise Unreadable("unsafe", ENTITIES)
        for recover in (False, True):
            try:
                root = etree.fromstring(body, xml_parser(recover=recover))
            except (etree.XMLSyntaxError, ValueError):
                continue
            if root is not None:
                return root
        raise damaged()

    def optional(self, name: str) -> Any | None:
        """As `tree`, None for a part that is absent or damaged: notes must not cost the body."""
        if not self.has(name):
            return None
        try:
            return self.tree(name)
        except Unreadable as refusal:
            if refusal.reason == "damaged":
                return None
            raise

    def refuse_encrypted(self) -> None:
        """Raise where an OpenDocument manifest says that parts are encrypted."""
        manifest = self.optional("META-INF/manifest.xml")
        protected = manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None
        if protected or self.has("encrypted-package"):
            raise Unreadable("encrypted", ENCRYPTED)
