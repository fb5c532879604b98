"""Fits the writer's weights: python benchmarks/fit_answers.py [--rows FILE].

Every question of XQuAD (en) is asked twice, as it is and with its article taken out, of two libraries: its 120
paragraphs alone, and (every third question) among 698 pages of a bank's policies. Passages come from the library's
own search with a floor so low that wrong ones are among them. Even articles train, odd ones are held out.

- `SENTENCE`: the log of the softmax mass of the sentences that hold the answer, with a small L2 penalty.
- `FOUND`: logistic regression on the best sentence, present against absent; `FOUND_EVEN` is the probability under
  which two in a hundred of the training questions would be refused falsely.

Prints both with the figures on the held-out half; copy them into pinakes/agents/writing/weights.py.
"""

from __future__ import annotations

import argparse
import asyncio
import pickle
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xquad import Query, RememberingEmbedder, XQuad, open_library, policy_pages, put, without

from pinakes.agents.writing.candidates import scored_units
from pinakes.agents.writing.questions import read_question
from pinakes.agents.writing.weights import FOUND, SENTENCE
from pinakes.core.evidence import Evidence
from pinakes.core.files import ChunkHit
from pinakes.library.library import Library
from pinakes.library.passages import passage_of
from pinakes.tools.search import search_passages

FALSE_REFUSALS = 0.02
FLOOR = 0.05


@dataclass
class Row:
    """The candidates of one question: features, and which hold the answer in the right paragraph."""

    article: int
    features: np.ndarray
    gold: np.ndarray
    in_paragraph: np.ndarray

    @property
    def evidence(self) -> np.ndarray:
        """The features that tell whether a candidate answers at all."""
        return self.features[:, [list(SENTENCE).index(name) for name in FOUND]]


async def asked(library: Library, query: Query) -> Row:
    """Return the candidates that a question has in a library as it is."""
    hits = await search_passages(library, query.text, limit=8, floor=FLOOR)
    passages = [passage_of(evidence_of(hit, place), hit.file, hit.chunk) for place, hit in enumerate(hits)]
    question = read_question(query.text, library.terms)
    scored = await scored_units(question, passages, library.embedder, library.terms)
    names = [passages[s.unit.passage].evidence.filename for s in scored]
    return Row(
        query.article,
        np.array([[s.features[n] for n in SENTENCE] for s in scored]),
        np.array(
            [
                n == query.filename and query.answered_by(s.unit.text)
                for n, s in zip(names, scored, strict=True)
            ]
        ),
        np.array([n == query.filename for n in names]),
    )


def evidence_of(hit: ChunkHit, place: int) -> Evidence:
    """Return a hit as evidence."""
    return Evidence(
        id=f"s1.{place}",
        media_type=hit.file.media_type,
        file_id=hit.file.id,
        filename=hit.file.filename,
        chunk_id=hit.chunk.id,
        score=hit.score,
    )


async def collect(xquad: XQuad) -> tuple[list[Row], list[Row]]:
    """Return the rows of all questions with and without their articles, in both libraries."""
    present, absent = [], []
    embedder = RememberingEmbedder()
    for others, every in (({}, 1), (policy_pages(), 3)):
        queries = xquad.queries[::every]
        with tempfile.TemporaryDirectory() as folder:
            async with open_library(Path(folder), embedder) as library:
                await put(library, others.items())
                ids = await put(library, xquad.paragraphs.items())
                for query in queries:
                    present.append(await asked(library, query))
                for article in xquad.titles:
                    async with without(library, xquad, article, ids):
                        absent += [await asked(library, q) for q in queries if q.article == article]
    return present, absent


def fit_softmax(rows: list[Row], penalty: float = 1e-2, rounds: int = 500) -> np.ndarray:
    """Return weights that give the golden candidates the most of the softmax (Adam on standardised features)."""
    rows = [r for r in rows if r.gold.any()]
    scale = np.concatenate([r.features for r in rows]).std(0) + 1e-9
    weights, mean, square = np.zeros(len(scale)), 0.0, 0.0
    for step in range(1, rounds + 1):
        gradient = penalty * weights
        for row in rows:
            x = row.features / scale
            p = _softmax(x @ weights)
            golden = p * row.gold / (p @ row.gold)
            gradient = gradient + x.T @ (p - golden) / len(rows)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights / scale


def fit_logistic(
    x: np.ndarray, y: np.ndarray, penalty: float = 3e-3, counts: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Return weights and bias of a logistic regression (Newton's method on standardised features)."""
    counts = np.ones(len(y)) if counts is None else counts
    scale = x.std(0) + 1e-9
    z = np.c_[x / scale, np.ones(len(x))]
    ridge = np.r_[np.full(x.shape[1], penalty), 0.0]
    weights = np.zeros(z.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-z @ weights))
        slope = counts * p * (1 - p)
        hessian = (z * slope[:, None]).T @ z / counts.sum() + np.diag(ridge + 1e-9)
        weights -= np.linalg.solve(hessian, z.T @ (counts * (p - y)) / counts.sum() + ridge * weights)
    return weights[:-1] / scale, float(weights[-1])


def ranking_figures(rows: list[Row], weights: np.ndarray) -> str:
    """Return how often the answer is in the first sentences, and the right paragraph first."""
    first = two = three = paragraph = 0
    for row in (r for r in rows if len(r.features)):
        order = np.argsort(-(row.features @ weights))
        first += bool(row.gold[order[:1]].any())
        two += bool(row.gold[order[:2]].any())
        three += bool(row.gold[order[:3]].any())
        paragraph += bool(row.in_paragraph[order[0]])
    shares = [100 * n / len(rows) for n in (first, two, three, paragraph)]
    return "answer in the first {:.1f}, two {:.1f}, three {:.1f}; right paragraph {:.1f}".format(*shares)


def best_found(row: Row, sentence: np.ndarray, found: tuple[np.ndarray, float]) -> float:
    """Return the probability that the best of the first three candidates answers."""
    if not len(row.features):
        return 0.0
    order = np.argsort(-(row.features @ sentence))[:3]
    best = (row.evidence[order] @ found[0] + found[1]).max()
    return float(1 / (1 + np.exp(-best)))


def top(rows: list[Row], sentence: np.ndarray) -> np.ndarray:
    """Return the features for refusal of each row's best candidate."""
    kept = [r for r in rows if len(r.features)]
    return np.array([r.evidence[np.argmax(r.features @ sentence)] for r in kept])


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()


def report(
    name: str,
    present: list[Row],
    absent: list[Row],
    sentence: np.ndarray,
    found: tuple[np.ndarray, float],
    even: float,
) -> None:
    """Print one half's figures."""
    refused = np.mean([best_found(r, sentence, found) < even for r in present])
    unanswered = np.mean([best_found(r, sentence, found) < even for r in absent])
    refusals = f"false refusals {100 * refused:.1f}, absent refused {100 * unanswered:.1f}"
    print(f"{name}: {ranking_figures(present, sentence)}; {refusals}")


def main() -> None:
    """Fit on the even articles, report on both halves, print what to copy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, help="where the collected rows are kept between runs")
    rows_file = parser.parse_args().rows
    if rows_file and rows_file.exists():
        present, absent = pickle.loads(rows_file.read_bytes())
    else:
        present, absent = asyncio.run(collect(XQuad()))
        if rows_file:
            rows_file.write_bytes(pickle.dumps((present, absent)))
    halves = {
        half: ([r for r in present if r.article % 2 == half], [r for r in absent if r.article % 2 == half])
        for half in (0, 1)
    }
    for train, test in ((1, 0), (0, 1)):  # the last one, trained on even articles, is what is printed
        sentence = fit_softmax(halves[train][0])
        x, y = [top(rows, sentence) for rows in halves[train]], []
        y = np.r_[np.ones(len(x[0])), np.zeros(len(x[1]))]
        found = fit_logistic(np.concatenate(x), y)
        even = float(np.quantile([best_found(r, sentence, found) for r in halves[train][0]], FALSE_REFUSALS))
        print(f"\ntrained on {'even' if train == 0 else 'odd'} articles")
        report("  training half", *halves[train], sentence, found, even)
        report("  held-out half", *halves[test], sentence, found, even)
        report("  all", present, absent, sentence, found, even)
    print("\nSENTENCE =", {n: round(float(w), 2) for n, w in zip(SENTENCE, sentence, strict=True)})
    print("FOUND =", {n: round(float(w), 2) for n, w in zip(FOUND, found[0], strict=True)})
    print("FOUND_BIAS =", round(found[1], 2), "  FOUND_EVEN =", round(even, 3))


if __name__ == "__main__":
    main()
