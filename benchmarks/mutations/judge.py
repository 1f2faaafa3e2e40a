"""Check sentences with the reader and without, in one process or several."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

from tqdm import tqdm

from benchmarks.mutations.truths import Truth
from qa.read import Reader, open_reader
from qa.written.check import check
from qa.written.split import split_sentences
from qa.written.types import Finding

Judged = tuple[tuple[Finding, ...], tuple[Finding, ...]]
"""What speaks against a sentence with the reader, and without it."""


def findings(truth: Truth, text: str, reader: Reader | None) -> tuple[Finding, ...]:
    """Check a sentence as if a language model had written it with the mark of its passage."""
    # what one translator put in a sentence, another put in two: a model would have marked both
    parts = [text[slice(*span)] for span in split_sentences(text)]
    written = "\n".join(f"{part} [{truth.source.number}]" for part in parts)
    sentences = check(written, [truth.source], reader, truth.language)
    return tuple(finding for sentence in sentences for finding in sentence.findings)


def judge(truth: Truth, text: str, reader: Reader | None) -> Judged:
    """Check a sentence with the reader and without; the reader can only add its one finding."""
    against = findings(truth, text, reader)
    only_reader = {finding.problem for finding in against} == {"unsupported"}
    return against, findings(truth, text, None) if only_reader else against


def judge_all(
    sentences: Sequence[tuple[Truth, str]], reader: Reader | None, workers: int = 1
) -> list[Judged]:
    """Check sentences, in order; several `workers` open the default reader themselves."""
    if workers == 1:
        return [judge(*sentence, reader) for sentence in tqdm(sentences, leave=False)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        judged = pool.map(_judge_with_reader, sentences, chunksize=16)
        return list(tqdm(judged, total=len(sentences), leave=False))


def _judge_with_reader(sentence: tuple[Truth, str]) -> Judged:
    """Check one sentence in a process of its own."""
    return judge(*sentence, _reader())


@cache
def _reader() -> Reader | None:
    """Open the reader, once in each process."""
    return open_reader()
