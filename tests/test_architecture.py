import ast
import re
import resource
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import index
import index.errors
import qa

ROOT = Path(__file__).resolve().parent.parent

RunPython = Callable[..., subprocess.CompletedProcess[str]]

# a package imports only from those before it
PACKAGES = ["index", "qa", "ui", "app"]

# a module of index/ imports only from those before it, in the order of the lines and in each line
LAYERS = [
    ["errors", "types", "once", "address", "crew"],
    ["errands", "child", "hand", "processes"],
    ["journal", "disk"],
    ["normal_form"],
    ["dates", "spell", "stopwords"],
    ["addresses", "declared_days", "doubt", "wording"],
    ["derived", "byte_model"],
    ["language", "tokens", "decode", "markdown", "readers", "furniture", "metadata"],
    ["worker", "apart"],
    ["arrays", "lazy", "articles", "shelf"],
    ["inventory", "walk", "load", "chunk", "near"],
    ["graphics", "weights", "pieces", "engine", "torch_engine", "embed", "embed_many"],
    ["kept", "keeping"],
    ["exact", "terms", "gaps", "runs", "postings", "lexical", "mentions", "same"],
    ["word_counts", "vectors", "vocabulary", "written"],
    ["store", "fresh", "laws", "contents", "versions"],
    ["lock", "manifest", "snapshot"],
    ["cluster"],
    ["history", "doctor", "milvus", "places", "builder", "watch"],
    ["progress", "cli"],
    ["__init__", "__main__"],
]

# what is slow to import, and the only files that do
HOMES = {
    "faiss": ["index/vectors/"],
    "openvino": ["index/engine.py"],
    "sentence_transformers": ["index/embed.py"],
    "torch": ["index/torch_engine.py"],
    "transformers": ["index/embed.py"],
    "tokenizers": ["index/pieces.py"],
    "py3langid": ["index/byte_model.py"],
    "safetensors": ["qa/read.py"],
    "pymilvus": ["index/milvus/"],
    "grpc": ["index/milvus/client.py"],
    "langchain_text_splitters": ["index/chunk.py"],
    "rensa": ["index/near.py"],
    "watchfiles": ["index/watch.py"],
    "trafilatura": ["index/readers/page.py", "index/readers/page_fields.py"],
    "feedparser": ["index/readers/feed.py"],
    "gradio": ["ui/", "app.py"],
    "langchain_core": ["qa/doors/langchain.py"],
    "llama_index": ["qa/doors/llama_index.py"],
    "mcp": ["qa/doors/mcp.py"],
    "openai": ["qa/written/client.py"],
    "httpx2": ["qa/written/client.py"],
    "prometheus_client": ["ui/counters.py", "ui/metrics.py"],
    "ray": ["index/cluster/"],
    "pypdfium2": ["index/readers/pdf.py", "index/readers/pdf_page.py"],
    "docx": ["index/readers/office.py"],
    "odfdo": ["index/readers/office.py"],
    "lxml": ["index/readers/"],
}

SOURCES = sorted(
    [*(path for name in PACKAGES[:-1] for path in (ROOT / name).rglob("*.py")), ROOT / "app.py"]
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_name(path: Path) -> str:
    """The name a file is imported by, `__init__` and `__main__` spelled out."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


MODULES = {module_name(path) for path in SOURCES}


def imports(path: Path) -> Iterator[str]:
    """Everything a file imports, anywhere in it: in functions and for the type checker too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert node.module is not None
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def our_imports(path: Path) -> set[str]:
    """The modules of this project that a file imports; a package means its `__init__`."""
    names = {
        f"{name}.__init__" if f"{name}.__init__" in MODULES else name for name in imports(path)
    }
    return names & MODULES


def functions() -> Iterator[Function]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield node


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_packages_import_only_from_those_before_them(path: Path) -> None:
    before = PACKAGES[: PACKAGES.index(module_name(path).split(".")[0]) + 1]

    imported = {name.split(".")[0] for name in our_imports(path)}

    assert imported <= set(before)


def test_the_order_names_every_module_of_the_index_once() -> None:
    named = [name for layer in LAYERS for name in layer]
    there = {name.split(".")[1] for name in MODULES if name.startswith("index.")}

    assert len(named) == len(set(named))
    assert set(named) == there


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if module_name(path).startswith("index.")], ids=module_name
)
def test_modules_of_the_index_import_only_from_those_before_them(path: Path) -> None:
    order = [name for layer in LAYERS for name in layer]
    own = module_name(path).split(".")[1]

    imported = {name.split(".")[1] for name in our_imports(path)} - {own}

    assert imported <= set(order[: order.index(own)])


def test_no_module_imports_itself_through_others() -> None:
    graph = {module_name(path): our_imports(path) for path in SOURCES}

    assert set(TopologicalSorter(graph).static_order()) == MODULES


@pytest.mark.parametrize("package", HOMES)
def test_heavy_packages_are_imported_only_at_home(package: str) -> None:
    importers = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if package in {name.split(".")[0] for name in imports(path)}
    ]

    assert importers
    strangers = [path for path in importers if not path.startswith(tuple(HOMES[package]))]
    assert strangers == []


def test_torch_is_imported_by_none_but_a_build_that_has_found_where_to_run_it() -> None:
    importers = [module_name(path) for path in SOURCES if "index.torch_engine" in our_imports(path)]

    assert importers == ["index.embed_many"]


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import index, qa", id="import_index_and_qa"),
        pytest.param("import runpy; run('qa.cli', '--help')", id="depeche_help"),
        pytest.param("import runpy; run('qa.cli', 'ask', '--help')", id="depeche_ask_help"),
        pytest.param("import runpy; run('index', '--help')", id="index_help"),
        pytest.param("import runpy; run('app', '--help')", id="app_help"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(run_python: RunPython, program: str) -> None:
    run = (
        "import sys\n"
        "def run(module, *arguments):\n"
        "    sys.argv = [module, *arguments]\n"
        "    try: runpy.run_module(module, run_name='__main__')\n"
        "    except SystemExit as end: assert not end.code, end.code\n"
    )
    heavy = set(HOMES)
    loaded = f"print(*sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"

    ended = run_python("-c", f"{run}{program}\n{loaded}")

    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.split() == []


@pytest.mark.skipif(sys.platform == "win32", reason="no times of children on this system")
def test_help_costs_less_than_half_a_second(run_python: RunPython) -> None:
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = run_python("-c", "from qa.cli import main; main(['--help'])")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert ended.returncode == 0
        assert ended.stdout.startswith("usage: depeche")
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    assert min(seconds) < 0.5


@pytest.mark.parametrize("package", [index, qa], ids=lambda package: package.__name__)
def test_every_public_name_is_there_and_listed_in_order(package: ModuleType) -> None:
    assert package.__all__ == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None


def test_every_name_a_module_lists_as_its_own_is_there() -> None:
    for name in sorted(MODULES):
        if name.endswith("__main__"):
            continue
        module = import_module(name.removesuffix(".__init__"))
        missing = [
            public for public in getattr(module, "__all__", ()) if not hasattr(module, public)
        ]
        assert missing == [], name


@pytest.mark.parametrize("package", [index, qa], ids=lambda package: package.__name__)
def test_a_name_that_is_not_there_is_an_attribute_error(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute"):
        _ = package.no_such_name


def test_no_module_takes_the_place_of_a_public_function(run_python: RunPython) -> None:
    modules = sorted(
        name.removesuffix(".__init__")
        for name in MODULES
        if name.startswith(("index.", "qa.")) and not name.endswith("__main__")
    )
    program = f"import {', '.join(modules)}\n"
    program += "print(callable(index.build), callable(qa.ask), callable(qa.retrieve))"

    ended = run_python("-c", program)

    assert ended.stdout.split() == ["True", "True", "True"], ended.stderr


def test_the_tree_of_errors_is_drawn_whole() -> None:
    drawn = re.findall(r"^[│├└─ ]*(\w+)", index.errors.__doc__ or "", re.MULTILINE)
    classes = {
        name
        for name, value in vars(index.errors).items()
        if isinstance(value, type) and issubclass(value, index.errors.DepecheError)
    }

    assert classes <= set(drawn)


# the tree of errors is one file, each error with its sentence: a list, read one entry at a time
@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path != ROOT / "index/errors.py"], ids=module_name
)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_nine_functions_in_ten_have_at_most_35_lines() -> None:
    lengths = [length(function) for function in functions()]

    assert statistics.quantiles(lengths, n=10)[-1] <= 35


def test_what_is_installed_is_all_that_is_here() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]
    files = [path for name in PACKAGES[:-1] for path in (ROOT / name).rglob("*") if path.is_file()]
    code = {path.parent for path in files if path.suffix == ".py"}
    data = {path for path in files if path.suffix not in {".py", ".pyc"}}

    assert {str(folder.relative_to(ROOT)).replace("/", ".") for folder in code} == {
        *told["packages"]
    }
    installed = {
        path
        for package, globs in told["package-data"].items()
        for glob in globs
        for path in (ROOT / package).glob(glob)
    }
    assert data <= installed
