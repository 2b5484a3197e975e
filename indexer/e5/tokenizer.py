"""The model's tokenizer (XLM-R's Unigram), made from the pack's vocabulary."""

from __future__ import annotations

from typing import Final

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from indexer.e5.pack import Pack

LONGEST: Final = 512
"""Tokens; the model has no position beyond."""


def make_tokenizer(pack: Pack) -> Tokenizer:
    """Texts of more than `LONGEST` tokens are cut there."""
    pieces, specials = pack.pieces, pack.specials
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=specials.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    names = [pieces[id_][0] for id_ in (specials.start, specials.padding, specials.end, specials.unknown)]
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
    start, _, end, _ = names
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, specials.start), (end, specials.end)]
    )
    tokenizer.enable_truncation(LONGEST)
    return tokenizer
