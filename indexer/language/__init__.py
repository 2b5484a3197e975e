"""The query language (*langage de recherche*): from what a person typed to terms, with what could not be read said."""

from indexer.language.lexis import Lexis, Mention, PlainLexis
from indexer.language.reading import Chip, Reading, parse, read
from indexer.language.tokens import Slip

__all__ = ["Chip", "Lexis", "Mention", "PlainLexis", "Reading", "Slip", "parse", "read"]
