"""How well passages are found, and how the score is fitted: python benchmarks/bench_search.py [--fit] [--language en].

Asks all questions of XQuAD of its 120 paragraphs, with and without their article, plus keyword queries: two or three
terms of a question, drawn with a fixed seed. `--fit` refits `WEIGHTS` and `BIAS` of pinakes/library/search_weights.py
on the even articles by logistic regression: the right paragraph against the ten nearest wrong ones, and the ten nearest
where the article is missing; each question counts once, keyword queries 0.4. `name` stays as it is, as no paragraph
has a telling name.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_answers import fit_logistic
from xquad import Query, RememberingEmbedder, XQuad, open_library, put, without

from pinakes.library.library import Library
from pinakes.library.ranking import features, file_terms, score
from pinakes.library.search import find_candidates
from pinakes.library.search_weights import BIAS, WEIGHTS

NEAREST = 10
KEYWORDS_COUNT = 0.4


@dataclass
class Row:
    """The candidates of one query."""

    kind: str  # question | keywords
    article: int
    features: np.ndarray
    scores: np.ndarray
    gold: np.ndarray


async def searched(library: Library, kind: str, text: str, query: Query) -> Row:
    """Return what a query brings in, with its evidence."""
    candidates, terms = await find_candidates(
        text,
        tenant=library.tenant,
        catalog=library.catalog,
        index=library.index,
        embedder=library.embedder,
        terms=library.terms,
    )
    found = [features(c, terms, file_terms(c.file, library.terms)) for c in candidates]
    return Row(
        kind,
        query.article,
        np.array(found).reshape(-1, len(WEIGHTS)),
        np.array([score(f, length=len(terms.idf), trust=terms.trust) for f in found]),
        np.array([c.file.filename == query.filename for c in candidates], dtype=bool),
    )


def keywords(library: Library, query: Query, draw: random.Random) -> str:
    """Return two or three of a question's words, in their order."""
    words = list(dict.fromkeys(library.terms.words(query.text).values()))
    count = min(draw.choice([2, 2, 3]), len(words))
    return " ".join(words[i] for i in sorted(draw.sample(range(len(words)), count)))


async def collect(xquad: XQuad) -> tuple[list[Row], list[Row]]:
    """Return the rows with and without the article asked for."""
    draw = random.Random(1)
    present, absent = [], []
    with tempfile.TemporaryDirectory() as folder:
        async with open_library(Path(folder), RememberingEmbedder()) as library:
            ids = await put(library, xquad.paragraphs.items())
            asked = [("question", q.text, q) for q in xquad.queries]
            asked += [("keywords", keywords(library, q, draw), q) for q in xquad.queries]
            for kind, text, query in asked:
                present.append(await searched(library, kind, text, query))
            for article in xquad.titles:
                async with without(library, xquad, article, ids):
                    for kind, text, query in (a for a in asked if a[2].article == article):
                        absent.append(await searched(library, kind, text, query))
    return present, absent


def fit(present: list[Row], absent: list[Row]) -> tuple[np.ndarray, float]:
    """Return weights and bias fitted on the even articles; the last feature, the name, is left out."""
    xs, ys, counts = [], [], []
    for row in (r for r in present + absent if r.article % 2 == 0 and len(r.scores)):
        order = np.argsort(-row.scores)
        kept = [*order[~row.gold[order]][:NEAREST], *order[row.gold[order]]]
        gold = row.gold[kept]
        share = np.where(gold, 1.0, 1.0 / max(1, int((~gold).sum())))
        xs.append(row.features[kept][:, :-1])
        ys.append(gold.astype(float))
        counts.append(share * (KEYWORDS_COUNT if row.kind == "keywords" else 1.0))
    return fit_logistic(np.concatenate(xs), np.concatenate(ys), 1e-4, np.concatenate(counts))


def first_is_right(rows: list[Row], by: str) -> float:
    """Return how often the right paragraph is first by the score, the cosine or BM25."""
    keys = {
        "score": lambda r: r.scores,
        "meaning": lambda r: r.features[:, 0],
        "words": lambda r: r.features[:, 4],
    }
    return 100 * float(np.mean([len(r.scores) > 0 and bool(r.gold[np.argmax(keys[by](r))]) for r in rows]))


def report(name: str, present: list[Row], absent: list[Row]) -> None:
    """Print one line of figures."""
    best = [max(r.scores, default=0.0) for r in present]
    wrong = np.array([max(r.scores, default=0.0) for r in absent])
    cells = [f"{first_is_right(present, by):5.1f}" for by in ("meaning", "words", "score")]
    under = [
        f"{100 * np.mean(np.array(best) < floor):5.1f}/{100 * np.mean(wrong < floor):5.1f}"
        for floor in (0.2, 0.35, 0.5)
    ]
    print(f"{name:22} {len(present):4}  {'   '.join(cells)}      {'   '.join(under)}")


def main() -> None:
    """Search everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", default="en", choices=["en", "de", "es", "zh"])
    parser.add_argument("--fit", action="store_true", help="print refitted weights")
    options = parser.parse_args()
    present, absent = asyncio.run(collect(XQuad(options.language)))
    print(
        f"\nXQuAD {options.language}         right paragraph first by   best score under floor, article there/absent"
    )
    print("                          n  meaning  words  score     0.2           0.35          0.5")
    for kind in ("question", "keywords"):
        for half, name in ((0, "trained on"), (1, "held out")):
            kept = [
                [r for r in rows if r.kind == kind and r.article % 2 == half] for rows in (present, absent)
            ]
            report(f"{kind}, {name}", *kept)
    if options.fit:
        weights, bias = fit(present, absent)
        named = {n: round(float(w), 2) for n, w in zip(WEIGHTS, [*weights, WEIGHTS["name"]], strict=True)}
        print(f"\nWEIGHTS = {named}\nBIAS = {bias:.2f}   (now {WEIGHTS}, {BIAS})")


if __name__ == "__main__":
    main()
