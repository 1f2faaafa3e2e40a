"""Fit the numbers of qa/settings.py to what `training.calibrate gather` noted."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa.calibration import Signals
from qa.metrics import ndcg
from qa.settings import DEFAULT

Note = dict[str, Any]
Floats = NDArray[np.float64]

_SIGNALS = [*Signals.__dataclass_fields__]
_EVIDENCE = ("cosine", "coverage", "expected", "answer", "below")


def report(path: Path) -> None:
    """Fit and print everything."""
    with path.open(encoding="utf-8") as file:
        notes = [json.loads(line) for line in file]
    print(f"{len(notes)} questions")
    report_ranking(notes)
    report_sentences([note for note in notes if "sentences" in note])
    report_confidence(notes)


def report_ranking(notes: Sequence[Note]) -> None:
    """Print nDCG@10 and first places for weights of the lexical side and of the reader."""
    for trust in (1.5, 2.0, 3.0, 4.0, 6.0):
        _print_ranking(f"trust {trust}", notes, _fused(trust))
    for weight in (0.05, 0.1, 0.2, 0.3, 0.5, 1.0):
        _print_ranking(f"reader {weight}", notes, _read(weight))


def _fused(trust: float) -> Callable[[Note], float]:
    """Score a row as qa/fuse.py does, with another trust in words."""

    def score(row: Note) -> float:
        span = max(row["top"] - row["floor"], 1e-6)
        share = min(max((row["dense"] - row["floor"]) / span, 0), 1)
        if not row["best"]:
            return float(share)
        agreement = min(1.0, trust * row["best"] / row["ceiling"])
        return float(share + agreement * row["lexical"] / row["best"])

    return score


def _read(weight: float) -> Callable[[Note], float]:
    """Score a row with the reader's logit; one that was not read comes after those that were."""

    def score(row: Note) -> float:
        if row["relevance"] is None:
            return float(row["fused"]) - 100.0
        return float(row["fused"] + weight * row["relevance"])

    return score


def _print_ranking(label: str, notes: Sequence[Note], score: Callable[[Note], float]) -> None:
    """Print how well a way to score ranks, by set and whether the question is foreign."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for note in notes:
        rows = sorted(note["rows"], key=lambda row: -score(row))
        ranked = list(dict.fromkeys(str(row["article"]) for row in rows))[:10]
        relevant = {str(row["article"]) for row in rows if row["right"]} or {"not found"}
        kind = "foreign" if note["foreign"] else "native"
        found = (ndcg(ranked, relevant, 10), ranked[0] in relevant)
        groups.setdefault(f"{note['set']} {kind}", []).append(found)
    means = {name: np.mean(found, axis=0) for name, found in sorted(groups.items())}
    cells = (f"{name} {gain:.3f}/{hit:.3f}" for name, (gain, hit) in means.items())
    print(f"{label:>11}: " + "  ".join(cells))


def report_sentences(notes: Sequence[Note]) -> None:
    """Print the weights of a sentence's evidence, by conditional logit, and what they reach."""
    usable = [note for note in notes if any(one["right"] for one in note["sentences"])]
    print(f"sentences: {len(usable)} of {len(notes)} questions have the right one among them")
    for chosen in (_EVIDENCE, ("coverage", "expected", "answer", "below"), ("answer", "below")):
        weights = _fit_choice(usable, chosen)
        hits = [_best_is_right(note, chosen, weights) for note in usable]
        shown = ", ".join(f"{n}={w:.2f}" for n, w in zip(chosen, weights, strict=True))
        print(f"  {shown}: first {np.mean(hits):.3f} of these, {sum(hits) / len(notes):.3f} of all")


def _fit_choice(notes: Sequence[Note], names: Sequence[str]) -> Floats:
    """Maximise the probability (softmax) that a right sentence is chosen."""
    tables = [
        (_table(note["sentences"], names), np.array([one["right"] for one in note["sentences"]]))
        for note in notes
    ]

    def loss(weights: Floats) -> float:
        total = 0.01 * float(weights @ weights)
        for table, right in tables:
            scores = table @ weights
            total -= float(_log_sum(scores[right]) - _log_sum(scores))
        return total / len(tables)

    return np.asarray(minimize(loss, np.ones(len(names)), method="L-BFGS-B").x)


def _log_sum(values: Floats) -> float:
    """Return the logarithm of the sum of exponentials."""
    top = values.max()
    return float(top + np.log(np.exp(values - top).sum()))


def _table(sentences: Sequence[Note], names: Sequence[str]) -> Floats:
    """Return the evidence as numbers, shape (sentences, names)."""
    return np.array([[float(one[name]) for name in names] for one in sentences])


def _best_is_right(note: Note, names: Sequence[str], weights: Floats) -> bool:
    """Whether the sentence with the best score holds the answer."""
    best = int(np.argmax(_table(note["sentences"], names) @ weights))
    return bool(note["sentences"][best]["right"])


def report_confidence(notes: Sequence[Note]) -> None:
    """Print the calibrations, with the reader and without, in the articles' language and others."""
    for reading in ("unread", "read"):
        for foreign in (False, True):
            chosen = [note for note in notes if note["foreign"] == foreign]
            found = [
                ([note[f"signals {answered}"][reading][name] for name in _SIGNALS], answered)
                for note in chosen
                for answered in (True, False)
            ]
            _fit_confidence(f"{'foreign' if foreign else 'native'} {reading}", found)


def _fit_confidence(label: str, found: Sequence[tuple[list[float], bool]]) -> None:
    """Fit one calibration, and print what it reaches by cross-validation in five parts."""
    table = np.array([values for values, _ in found])
    answered = np.array([answer for _, answer in found])
    part = np.arange(len(found)) // 2 % 5  # both askings of a question in one part
    chances = np.zeros(len(found))
    for held in range(5):
        model = LogisticRegression(C=10.0, max_iter=10_000)
        model.fit(table[part != held], answered[part != held])
        chances[part == held] = model.predict_proba(table[part == held])[:, 1]
    model = LogisticRegression(C=10.0, max_iter=10_000).fit(table, answered)
    shown = ", ".join(
        f"{name}={weight:.3f}" for name, weight in zip(_SIGNALS, model.coef_[0], strict=True)
    )
    given = chances >= DEFAULT.answer_probability
    print(f"{label}: intercept={model.intercept_[0]:.3f}, {shown}")
    print(
        f"  {len(found)} askings, AUROC {roc_auc_score(answered, chances):.3f}, abstained "
        f"{np.mean(~given[~answered]):.3f}, refused {np.mean(~given[answered]):.3f}"
    )
