"""The contract with unstructured's inside that lets it work without a download and without telemetry."""

import subprocess
import sys

import pytest

from pinakes.ingestion import unstructured_offline as offline

FRESH = """
import socket
def refuse(*a, **k): raise SystemExit("went to the network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from pinakes.ingestion import unstructured_offline as offline
assert offline.classify("The crew has found the pump and repaired it.") == "NarrativeText"
from unstructured import telemetry
assert telemetry.__name__
from unstructured.nlp import tokenize
assert tokenize._get_nlp().lang == "en" and tokenize._get_nlp().pipe_names == ["sentencizer", "pinakes_rule_tagger"]
print("fine")
"""


def test_a_fresh_process_needs_no_network() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "fine", done.stderr


def test_the_patched_function_still_exists() -> None:
    from unstructured.nlp import tokenize

    assert callable(tokenize._load_spacy_model) and callable(tokenize._get_nlp.cache_clear)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The main bearing of the second pump had run dry over the winter.", "NarrativeText"),
        ("• grease the bearings", "ListItem"),
        ("1. grease the bearings", "ListItem"),
        ("Annual Report", "Title"),
    ],
)
def test_classification(text: str, kind: str) -> None:
    assert offline.classify(text) == kind


def test_chunks_keep_their_elements_in_order() -> None:
    made = [offline.make_element("NarrativeText", f"Sentence number {n}.", str(n)) for n in range(20)]
    chunks = offline.chunk_by_title(made, soft=80, hard=100, combine_under=30)
    assert [part.id for chunk in chunks for part in chunk.metadata.orig_elements] == [
        str(n) for n in range(20)
    ]
