"""Fit the numbers of qa/settings.py to what `training.calibrate gather` noted."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from qa.calibration import Signals
from qa.metrics import ndcg
from qa.settings import DEFAULT, ContentWeights, SentenceWeights

Note = dict[str, Any]
Floats = NDArray[np.float64]
Choice = tuple[Floats, NDArray[np.bool_]]
"""Evidence of the things to choose from, shape (things, kinds), and which of them are right."""

_SIGNALS = [field.name for field in fields(Signals)]
_READ_SIGNALS = ("relevance", "rival")

# the other signals speak for an answer
_EITHER_WAY = ("dated", "rival")

# what is the same everywhere but for rounding
_NO_SPREAD = 1e-9


def report(paths: Sequence[Path]) -> None:
    """Fit and print everything that was noted."""
    lines = chain.from_iterable(path.read_text(encoding="utf-8").splitlines() for path in paths)
    notes = [{**json.loads(line), "number": number} for number, line in enumerate(lines)]
    content = [note for note in notes if "content" in note]
    tuned = [note for note in notes if "askings" in note]
    print(f"{len(content)} questions on content, {len(tuned)} kept for tuning")
    report_content(content, tuned)
    report_reader([note for note in tuned if "rows" in note])
    for mode in ("read", "unread"):
        report_sentences(mode, [note for note in tuned if note.get(mode)])
        report_confidence(mode, tuned)


def report_content(content: Sequence[Note], tuned: Sequence[Note]) -> None:
    """Print the weights of the two sides, and what they reach where they were not fitted."""
    undated = [note["content"] for note in content if not note["content"][0]["dated"]]
    # rows in both languages compete for a question: their weights are fitted together
    weights = fit_choices([_rows(rows) for rows in undated]).reshape(2, -1)
    for label, found in zip(("native", "foreign"), weights, strict=True):
        print(label, ContentWeights(*(round(float(weight), 1) for weight in found)))
    asked = [note for note in tuned if "rows" in note]
    for label, (own, other) in {
        "dense": (np.array([1, 0, 0]), np.array([1, 0, 0])),
        "lexical": (np.array([0, 1, 0]), np.array([0, 1, 0])),
        "as set": (np.array(DEFAULT.native_content), np.array(DEFAULT.foreign_content)),
        "fitted": (weights[0], weights[1]),
    }.items():
        print_ranking(label, asked, _score(own, other, 0, 0))
    for day in (4, 8, 14, 20):
        for year in (3, 6, 9):
            print_ranking(f"dates {day}, {year}", asked, _score(weights[0], weights[1], day, year))


def _rows(rows: Sequence[Note]) -> Choice:
    """Return the evidence of rows: in the question's language, then in another."""
    table = np.array([row["content"] for row in rows])
    native = np.array([[row["native"]] for row in rows])
    right = np.array([row["right"] for row in rows], dtype=bool)
    return np.hstack([table * native, table * ~native]), right


def _score(native: Floats, foreign: Floats, short: float, long: float) -> Callable[[Note], float]:
    """Return how to score a row as qa/fuse.py does, with these weights."""

    def score(row: Note) -> float:
        content = np.dot(native if row["native"] else foreign, row["content"])
        return float(content + max(short * row["short dates"], long * row["dates"]))

    return score


def report_reader(notes: Sequence[Note]) -> None:
    """Print what the reader's logit counts beside the other evidence."""
    choices = []
    for note in notes:
        read = [row for row in note["rows"] if row["relevance"] is not None]
        right = np.array([row["right"] for row in read], dtype=bool)
        if right.any():
            evidence = [[row["fused"], row["relevance"]] for row in read]
            choices.append((np.array(evidence), right))
    fused, logit = fit_choices(choices)
    print(f"reader: {logit / fused:.3f} of a fused score's unit, {len(choices)} questions")
    for weight in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0):
        print_ranking(f"reader {weight}", notes, _read(weight))


def _read(weight: float) -> Callable[[Note], float]:
    """Score a row with the reader's logit; one that was not read comes after those that were."""

    def score(row: Note) -> float:
        if row["relevance"] is None:
            return float(row["fused"]) - 1000.0
        return float(row["fused"] + weight * row["relevance"])

    return score


def print_ranking(label: str, notes: Sequence[Note], score: Callable[[Note], float]) -> None:
    """Print how well a way to score ranks: nDCG@10 and first places, by set and language."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for note in notes:
        rows = sorted(note["rows"], key=lambda row: -score(row))
        ranked = list(dict.fromkeys(str(row["article"]) for row in rows))[:10]
        relevant = {str(place) for place in note["relevant"]}
        kind = "foreign" if note["foreign"] else "native"
        found = (ndcg(ranked, relevant, 10), ranked[0] in relevant)
        groups.setdefault(f"{note['set']} {kind}", []).append(found)
    means = {name: np.mean(found, axis=0) for name, found in sorted(groups.items())}
    cells = (f"{name} {gain:.3f}/{hit:.3f}" for name, (gain, hit) in means.items())
    print(f"{label:>12}: " + "  ".join(cells))


def report_sentences(mode: str, notes: Sequence[Note]) -> None:
    """Print the weights of a sentence's evidence, and what they reach."""
    for foreign in (False, True):
        chosen = [note for note in notes if note[mode]["foreign"] == foreign]
        choices = [_sentences(note[mode]["sentences"]) for note in chosen]
        usable = [choice for choice in choices if choice[1].any()]
        label = f"sentences, {mode}, {'foreign' if foreign else 'native'}"
        print(f"{label}: {len(usable)} of {len(chosen)} have the right one among them")
        everything = list(range(len(SentenceWeights._fields)))
        for kinds in (everything, everything[1:]):
            weights = np.zeros(len(everything))
            weights[kinds] = fit_choices([(table[:, kinds], right) for table, right in usable])
            hits = cross_validate(usable, kinds)
            shown = SentenceWeights(*(round(float(weight), 2) for weight in weights))
            print(f"  {shown}: first {hits:.3f} of these (fitted to the others)")
        now = np.array(DEFAULT.sentence_weights(read=mode == "read", foreign=foreign))
        print(f"  as set: first {np.mean([is_best(choice, now) for choice in usable]):.3f}")


def _sentences(sentences: Sequence[Note]) -> Choice:
    """Return the evidence of sentences."""
    table = np.array([one["parts"] for one in sentences]).reshape(len(sentences), -1)
    return table, np.array([one["right"] for one in sentences], dtype=bool)


def cross_validate(choices: Sequence[Choice], kinds: Sequence[int], parts: int = 5) -> float:
    """Return how often the right one is first, with weights fitted to the other parts."""
    hits = []
    for part in range(parts):
        fitted = [(t[:, kinds], r) for place, (t, r) in enumerate(choices) if place % parts != part]
        held = [(t[:, kinds], r) for place, (t, r) in enumerate(choices) if place % parts == part]
        weights = fit_choices(fitted)
        hits += [is_best(choice, weights) for choice in held]
    return float(np.mean(hits))


def is_best(choice: Choice, weights: Floats) -> bool:
    """Whether the right one has the best score."""
    table, right = choice
    return bool(right[int(np.argmax(table @ weights))])


def fit_choices(choices: Iterable[Choice]) -> Floats:
    """Maximise the probability (softmax over the scores) that a right one is chosen."""
    choices = [choice for choice in choices if choice[1].any()]
    kinds = choices[0][0].shape[1]
    # scaled to one spread, so that the penalty weighs alike on all
    spread = np.concatenate([table - table.mean(axis=0) for table, _ in choices]).std(axis=0)
    spread[spread < _NO_SPREAD] = 1.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.01 * float(weights @ weights), 0.02 * weights
        for table, right in choices:
            scores = table / spread @ weights
            chances, ours = _softmax(scores), _softmax(scores[right])
            total += _log_sum(scores) - _log_sum(scores[right])
            slope = slope + chances @ table / spread - ours @ table[right] / spread
        return total / len(choices), np.asarray(slope / len(choices))

    found = minimize(loss, np.zeros(kinds), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def _softmax(values: Floats) -> Floats:
    """Return exponentials that sum to one."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum())


def _log_sum(values: Floats) -> float:
    """Return the logarithm of the sum of exponentials."""
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))


def report_confidence(mode: str, notes: Sequence[Note]) -> None:
    """Print the calibrations for a best row in the question's language and in another."""
    names = [name for name in _SIGNALS if mode == "read" or name not in _READ_SIGNALS]
    for foreign in (False, True):
        chosen = [
            (asking, note["number"])
            for note in notes
            for asking in note["askings"]
            if asking[mode]["foreign"] == foreign
        ]
        table = np.array([[asking[mode][name] for name in names] for asking, _ in chosen])
        answered = np.array([asking["answered"] for asking, _ in chosen], dtype=bool)
        part = np.array([number for _, number in chosen]) % 5
        label = f"{'foreign' if foreign else 'native'} {mode}"
        _fit_confidence(label, names, table, answered, part)


def _fit_confidence(
    label: str,
    names: Sequence[str],
    table: Floats,
    answered: NDArray[np.bool_],
    part: NDArray[np.int64],
) -> None:
    """Fit one calibration, and print what it reaches where it was fitted to the other parts."""
    chances = np.zeros(len(table))
    for held in range(5):
        model = _Logistic(table[part != held], answered[part != held], names)
        chances[part == held] = model(table[part == held])
    model = _Logistic(table, answered, names)
    weights = ", ".join(f"{n}={w:.3f}" for n, w in zip(names, model.weights, strict=True))
    print(f"{label}: {model.intercept:.3f}, Signals({weights})")
    for least in (0.3, DEFAULT.answer_probability, 0.5):
        given = chances >= least
        print(
            f"  {len(table)} askings, AUROC {roc_auc_score(answered, chances):.3f}, at {least}: "
            f"abstained {np.mean(~given[~answered]):.3f}, refused {np.mean(~given[answered]):.3f}"
        )


class _Logistic:
    """A logistic model, answered and unanswered weighing the same.

    What speaks for an answer never counts against it: with few questions it would, by chance.
    """

    def __init__(self, table: Floats, answered: NDArray[np.bool_], names: Sequence[str]) -> None:
        """Fit it."""
        spread = table.std(axis=0)
        spread[spread < _NO_SPREAD] = 1.0
        scaled = np.column_stack([table / spread, np.ones(len(table))])
        shares = np.where(answered, 0.5 / answered.mean(), 0.5 / (~answered).mean())

        def loss(weights: Floats) -> tuple[float, Floats]:
            logits = scaled @ weights
            costs = np.logaddexp(0, np.where(answered, -logits, logits))
            slope = scaled.T @ (shares * (1 / (1 + np.exp(-logits)) - answered))
            penalty = np.append(weights[:-1], 0)
            total = float(shares @ costs) + 0.5 * float(penalty @ penalty)
            return total, np.asarray(slope + penalty)

        free = [(None, None) if name in _EITHER_WAY else (0, None) for name in names]
        found = minimize(
            loss,
            np.zeros(len(names) + 1),
            jac=True,
            method="L-BFGS-B",
            bounds=[*free, (None, None)],
        )
        self.weights: Floats = np.asarray(found.x[:-1] / spread)
        self.intercept = float(found.x[-1])

    def __call__(self, table: Floats) -> Floats:
        """Return probabilities."""
        return np.asarray(1 / (1 + np.exp(-(table @ self.weights + self.intercept))))
