"""The only door to `unstructured`: telemetry off, no model download, the few calls that readers make.

`unstructured` tags words with a spaCy model that it fetches from the internet at first use. A blank English
pipeline with a sentence splitter and a rule tagger serves its questions ("is there a verb?", "how many
sentences?") well enough, always and everywhere alike.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

os.environ["SCARF_NO_ANALYTICS"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ["UNSTRUCTURED_DISABLE_NOTICE"] = "1"

_VERBS = """is are was were be been am being has have had do does did can could may might must shall should will would
isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't can't couldn't won't wouldn't
n't 's 're 've 'll get gets got make makes made give gives gave take takes took say says said see sees saw
go goes went come comes came know knows knew think thinks thought find finds found keep keeps kept let lets
use uses need needs want wants become becomes became show shows remain remains include includes provide
provides contain contains require requires mean means begin begins began run runs ran write writes wrote
read reads set sets put puts call calls hold holds held stand stands stood tell tells told leave leaves left
feel feels felt bring brings brought work works seem seems ask asks turn turns follow follows"""
_COMMON_VERBS = frozenset(_VERBS.split())
_ENOUGH_TO_CLASSIFY = 320  # characters
_PAST = re.compile(r"[a-z]{2,}ed")
_GERUND = re.compile(r"[a-z]{2,}ing")


def classify(text: str) -> str:
    """Return unstructured's category of a paragraph: NarrativeText, ListItem, Title, UncategorizedText, …"""
    _prepare()
    from unstructured.partition.text import element_from_text

    return str(element_from_text(text[:_ENOUGH_TO_CLASSIFY]).category)


def english_words() -> Collection[str]:
    """Return the English words that unstructured tells titles by, in lower case."""
    from unstructured.nlp.english_words import ENGLISH_WORDS

    words: Collection[str] = ENGLISH_WORDS
    return words


def docx_elements(file: BytesIO) -> list[Any]:
    """Return unstructured's elements of a Word file."""
    _prepare()
    from unstructured.partition.docx import partition_docx

    return list(partition_docx(file=file, languages=[""]))


def html_elements(html: str) -> list[Any]:
    """Return unstructured's elements of a page."""
    _prepare()
    from unstructured.partition.html import partition_html

    return list(partition_html(text=html, languages=[""]))


def markdown_elements(text: str) -> list[Any]:
    """Return unstructured's elements of a Markdown text."""
    _prepare()
    from unstructured.partition.md import partition_md

    return list(partition_md(text=text, languages=[""], extensions=["tables", "fenced_code", "sane_lists"]))


def make_element(category: str, text: str, element_id: str) -> Any:
    """Return an unstructured element of a category; unknown categories become plain text."""
    _prepare()
    from unstructured.documents.elements import TYPE_TO_TEXT_ELEMENT_MAP, Text

    return TYPE_TO_TEXT_ELEMENT_MAP.get(category, Text)(text=text, element_id=element_id)


def chunk_by_title(elements: Sequence[Any], *, soft: int, hard: int, combine_under: int) -> list[Any]:
    """Return unstructured's chunks of at most `hard` characters, tables whole, original elements kept."""
    _prepare()
    from unstructured.chunking.title import chunk_by_title as chunk

    return list(
        chunk(
            elements,
            new_after_n_chars=soft,
            max_characters=hard,
            combine_text_under_n_chars=combine_under,
            multipage_sections=True,
            skip_table_chunking=True,
        )
    )


@lru_cache(maxsize=1)
def _prepare() -> None:
    from unstructured.nlp import tokenize

    tokenize._load_spacy_model = _blank_english
    tokenize._get_nlp.cache_clear()


def _blank_english() -> Any:
    import spacy
    from spacy.language import Language

    if not Language.has_factory("pinakes_rule_tagger"):
        Language.component("pinakes_rule_tagger", func=_tag_words)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("pinakes_rule_tagger")
    return nlp


def _tag_words(document: Any) -> Any:
    """Tag words up to the first verb: nobody asks for more than whether there is one."""
    for token in document:
        tag = _tag(token.lower_)
        token.tag_ = tag
        if tag != "NN":
            break
    return document


def _tag(word: str) -> str:
    if word in _COMMON_VERBS:
        return "VB"
    if _PAST.fullmatch(word):
        return "VBD"
    return "VBG" if _GERUND.fullmatch(word) else "NN"
