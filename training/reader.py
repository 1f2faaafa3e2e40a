"""Train the reader: an adapter and three heads on the embedder's encoder.

    python -m training.examples QUESTION_SETS      makes the examples
    python -m training.reader --steps 1500         trains on them; stops and goes on where it was

Each question is read with the text that answers and with texts that nearly do. Three losses are
added: the right text must have the highest relevance of its group (softmax), relevance must be a
fair logit by itself (logistic), and start and end must be those of the answer (softmax over the
tokens of the text).
"""

import argparse
import hashlib
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional

from index import weights
from index.engine import batches
from qa.read import Pair
from training import examples
from training.adapter import Adapter
from training.examples import Example
from training.network import Network

_RANK = 32
_GROUPS = 10
"""Questions in one step."""

_NEAREST_TEXTS, _OTHER_TEXTS = 2, 1
"""Wrong texts read with a question: of the five nearest, and of the others."""

_NEAREST = 5
_BATCH_TOKENS = 4096
_MATRIX_RATE, _HEAD_RATE = 1e-3, 1e-3
_WARM_UP = 0.05
_SEED = 11
_LOGISTIC_WEIGHT = 0.5

# an epoch takes two of the eight ways to ask a question of xquad (four languages, two of the
# text), and some of the sentences of ntrex and of the questions made by rule
_SHARES = {"xquad_en": 0.15, "xquad_vi": 0.15, "ntrex_fr": 0.4, "dated_fr": 0.3, "dated": 0.3}


@dataclass(frozen=True, slots=True)
class Item:
    """One text of one question, ready to read.

    Attributes:
        pair: its tokens.
        group: number of its question in the step.
        right: whether it answers.
        answer: first and last token of the answer, counted from the start of the pair.
    """

    pair: Pair
    group: int
    right: bool
    answer: tuple[int, int] | None


def load_examples(work: Path) -> list[Example]:
    """Read the examples of every set."""
    return [example for name in examples.SETS for example in _read(work / f"{name}.jsonl")]


def _read(path: Path) -> list[Example]:
    """Read the examples of a set, if they were made."""
    return examples.read(path) if path.exists() else []


def epochs(found: Sequence[Example]) -> Iterator[Example]:
    """Go through the examples again and again, in another order each time."""
    shuffled = random.Random(_SEED)
    while True:
        chosen = [
            example
            for example in found
            if shuffled.random() < _SHARES.get(example.name.partition(" ")[0], 1)
        ]
        shuffled.shuffle(chosen)
        yield from chosen


def items_of(example: Example, group: int, network: Network, shuffled: random.Random) -> list[Item]:
    """Choose the texts of a question, one of the nearest wrong ones first, and cut them."""
    nearest, others = example.texts[1 : _NEAREST + 1], example.texts[_NEAREST + 1 :]
    chosen = shuffled.sample(nearest, min(_NEAREST_TEXTS, len(nearest)))
    chosen += shuffled.sample(others, min(_OTHER_TEXTS, len(others)))
    pairs = network.encode(example.question, [example.texts[0], *chosen])
    items = [Item(pair, group, right=False, answer=None) for pair in pairs]
    if example.answered:
        items[0] = Item(pairs[0], group, right=True, answer=_tokens_of(pairs[0], example.span))
    return items


def _tokens_of(pair: Pair, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Find the first and last token of an answer."""
    if span is None:
        return None
    inside = [
        place
        for place, (start, end) in enumerate(pair.offsets)
        if end > span[0] and start < span[1] and end > start
    ]
    return (pair.first + inside[0], pair.first + inside[-1]) if inside else None


def batches_of(groups: Sequence[Sequence[Item]]) -> Iterator[list[Item]]:
    """Put groups of like length together, each whole, up to so many tokens."""
    width = max(map(len, groups))
    lengths = [width * max(len(item.pair.ids) for item in group) for group in groups]
    for places in batches(lengths, _BATCH_TOKENS):
        yield [item for place in places for item in groups[place]]


def loss_of(items: Sequence[Item], network: Network) -> torch.Tensor:
    """Return the summed losses of the groups of a batch."""
    relevance, starts, ends = network.read([item.pair.ids for item in items])
    right = torch.tensor([float(item.right) for item in items])
    loss = _LOGISTIC_WEIGHT * functional.binary_cross_entropy_with_logits(
        relevance, right, reduction="sum"
    )
    for group in {item.group for item in items}:
        places = [place for place, item in enumerate(items) if item.group == group]
        if items[places[0]].right and len(places) > 1:
            loss = loss - relevance[places].log_softmax(0)[0]
    for place, item in enumerate(items):
        if item.answer is not None:
            text = slice(item.pair.first, item.pair.first + len(item.pair.offsets))
            first, last = (token - item.pair.first for token in item.answer)
            loss = loss - starts[place, text].float().log_softmax(0)[first] / 2
            loss = loss - ends[place, text].float().log_softmax(0)[last] / 2
    return loss


@dataclass(slots=True)
class Run:
    """A training run that can be left and taken up again.

    Attributes:
        adapter: what is trained.
        optimizer: its moments.
        step: steps done.
    """

    adapter: Adapter
    optimizer: torch.optim.AdamW
    step: int = 0

    def save(self, work: Path) -> None:
        """Write the state of the run, whole or not at all."""
        state = {
            "trained": self.adapter.trained,
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        torch.save(state, work / "run.pt.part")
        (work / "run.pt.part").replace(work / "run.pt")

    def resume(self, work: Path) -> None:
        """Take up the run that was left in `work`, if there is one."""
        if (work / "run.pt").exists():
            state = torch.load(work / "run.pt", weights_only=True)
            for name, tensor in state["trained"].items():
                self.adapter.trained[name].data.copy_(tensor)
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]


def open_run(network: Network) -> Run:
    """Begin a run."""
    torch.manual_seed(_SEED)
    adapter = Adapter(network, _RANK)
    heads = [tensor for name, tensor in adapter.trained.items() if name.startswith("heads.")]
    matrices = [tensor for name, tensor in adapter.trained.items() if name[:6] != "heads."]
    groups = [{"params": matrices, "lr": _MATRIX_RATE}, {"params": heads, "lr": _HEAD_RATE}]
    for group in groups:
        group["initial_lr"] = group["lr"]
    return Run(adapter, torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98)))


def rate_at(step: int, steps: int) -> float:
    """Return the share of the learning rate at a step: up in a line, down in half a cosine."""
    warm_up = max(1, int(steps * _WARM_UP))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


def train(run: Run, network: Network, found: Sequence[Example], steps: int, work: Path) -> None:
    """Train up to `steps` steps in all, saving the run every fifty."""
    stream = epochs(found)
    mean, began = 0.0, time.monotonic()
    for step in range(steps):
        chosen = [next(stream) for _ in range(_GROUPS)]
        if step < run.step:
            continue
        shuffled = random.Random(step)
        groups = [items_of(one, place, network, shuffled) for place, one in enumerate(chosen)]
        for group in run.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * rate_at(step, steps)
        run.adapter.apply()
        total = 0.0
        for items in batches_of([group for group in groups if group]):
            loss = loss_of(items, network) / _GROUPS
            loss.backward(retain_graph=True)  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(list(run.adapter.trained.values()), 1.0)
        run.optimizer.step()
        run.optimizer.zero_grad()
        run.step = step + 1
        mean = total if not mean else 0.95 * mean + 0.05 * total
        if run.step % 10 == 0:
            minutes = (time.monotonic() - began) / 60
            print(f"step {run.step}/{steps}  loss {mean:.3f}  {minutes:.1f} min", flush=True)
        if run.step % 50 == 0 or run.step == steps:
            run.save(work)
            save(run.adapter, work / "reader.safetensors")


def save(adapter: Adapter, path: Path) -> str:
    """Write the adapter, and return its sha256."""
    save_file({name: tensor.contiguous() for name, tensor in adapter.pack().items()}, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Train, and say which digest goes into qa/read.py."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--steps", type=int, default=1000)
    arguments = parser.parse_args()
    network = Network(weights.load_weights())
    run = open_run(network)
    run.resume(arguments.work)
    found = load_examples(arguments.work)
    print(f"{len(found)} examples", flush=True)
    train(run, network, found, arguments.steps, arguments.work)
    print("sha256", save(run.adapter, arguments.work / "reader.safetensors"))


if __name__ == "__main__":
    main()
