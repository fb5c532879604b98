"""BM25 term weights, made offline by Qdrant's own encoder; the index multiplies by IDF at query time.

Words are cut here, because none of the encoder's tokenizers serves part numbers and Chinese at once: "P-104"
becomes `p104` and `104`, "3,5" becomes `3.5`, a run of Han, Kana or Hangul becomes overlapping pairs (Nie et al.,
"On the use of words and n-grams for Chinese information retrieval", 2000). Stemming is English for every
language: documents and queries are cut alike, and exact words match whatever their language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from pinakes.core.errors import ModelError
from pinakes.ports.embedder import SparseVector

LANGUAGES = ("english", "german", "spanish", "french", "italian", "portuguese", "dutch")
"""Languages whose stop words a query may be freed from; the first wins a tie."""


class Bm25Encoder:
    """Turns texts into stemmed, stop-word-free term weights (Robertson and Zaragoza, 2009).

    Documents lose English stop words; a query loses those of the language it seems to be in.

    Args:
        language: A Snowball language that stemming follows.
    """

    def __init__(self, language: str = "english") -> None:
        self._language = language
        self._by_language: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The encoder, its language and the version of its word rules."""
        return f"qdrant-bm25-{self._language}@2"

    def encode(self, texts: Sequence[str]) -> list[SparseVector]:
        """Return the term weights of documents. Raises ModelError."""
        return [_vector(self._encoder.embed_document(" ".join(_terms(text)))) for text in texts]

    def encode_query(self, text: str) -> SparseVector:
        """Return the term weights of a query, 1 each. Raises ModelError."""
        terms = list(_terms(text))
        return _vector(self._query_encoder(terms).embed_query(" ".join(terms)))

    def words(self, text: str) -> dict[int, str]:
        """Return the first word of the text behind each term id, in order; stop words have none."""
        encoder = self._query_encoder(list(_terms(text)))
        found: dict[int, str] = {}
        for word in _WORD.findall(text):
            for form in _forms(word):
                shown = form if _is_paired(word) else word
                for index in encoder.embed_query(form).indices:
                    found.setdefault(int(index), shown)
        return found

    def _query_encoder(self, terms: list[str]) -> Any:
        """Return the encoder whose stop words take most away from these terms."""
        if len(terms) < 3:
            return self._encoder
        plain = [term for term in terms if term.isalpha()]
        left = {name: _kept(self._encoder_for(name), plain) for name in LANGUAGES}
        best = min(LANGUAGES, key=left.__getitem__)
        return self._encoder_for(best) if left[best] < left[LANGUAGES[0]] - 1 else self._encoder

    @cached_property
    def _encoder(self) -> Any:
        return self._encoder_for(self._language)

    def _encoder_for(self, language: str) -> Any:
        if language not in self._by_language:
            self._by_language[language] = _load(self._language, language)
        return self._by_language[language]


def _load(stemming: str, stopping: str) -> Any:
    try:
        import qdrant_edge as edge
    except ImportError as error:
        raise ModelError("Term search needs qdrant-edge-py: pip install 'pinakes[local]'.") from error
    stop = edge.StopwordsSet(languages={getattr(edge.Language, stopping.capitalize())})
    return edge.Bm25(
        edge.Bm25Config(
            language=stemming, tokenizer=edge.TokenizerType.Whitespace, stopwords=stop, ascii_folding=True
        )
    )


_PAIRED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_WORD = re.compile(rf"[{_PAIRED}]+|(?:(?![{_PAIRED}])\w)+(?:[-'’.,/&+](?:(?![{_PAIRED}])\w)+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNIT = re.compile(r"(\d+(?:[.,]\d+)*)([^\W\d_]+)")
_PART = re.compile(r"[-.,/&+_]")


def _terms(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield from _forms(word)


def _forms(word: str) -> list[str]:
    """Return the forms a word is found by: itself, and the parts that mean something alone."""
    if _is_paired(word):
        return _pairs(word)
    if _NUMBER.fullmatch(word):
        return [_number(word)]
    if unit := _UNIT.fullmatch(word):
        return _distinct([word.replace(",", "."), _number(unit[1]), unit[2]])
    word = re.sub(r"['’]s$", "", word).replace("’", "'")
    return _compound(word) if _PART.search(word) else [word]


def _compound(word: str) -> list[str]:
    """Return a compound's parts; one that carries digits also written together, as codes often are."""
    parts = [form for part in _PART.split(word) if part for form in _forms(part)]
    code = [_PART.sub("", piece) for piece in word.split(".") if _PART.search(piece)]
    together = [c for c in code if any(ch.isdigit() for ch in c) and not c.isdigit()]
    if any(len(part) == 1 for part in parts) and not together:
        together = [_PART.sub("", word)]
    return _distinct(together + parts)


def _is_paired(word: str) -> bool:
    return re.match(rf"[{_PAIRED}]", word) is not None


def _distinct(forms: list[str]) -> list[str]:
    return [f for f in dict.fromkeys(forms) if len(f) > 1 or not f.isascii() or f.isdigit()]


def _number(word: str) -> str:
    """Return a number without thousands separators and with a decimal point."""
    return re.sub(r",(?=\d{3}(?:\D|$))", "", word).replace(",", ".")


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _kept(encoder: Any, terms: list[str]) -> int:
    return sum(bool(encoder.embed_query(term).indices) for term in terms)


def _vector(sparse: Any) -> SparseVector:
    return SparseVector(indices=tuple(sparse.indices), values=tuple(sparse.values))
