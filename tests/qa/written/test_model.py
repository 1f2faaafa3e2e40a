import os
import subprocess
from collections.abc import Callable

import pytest

from index.errors import WriterInvalid
from qa.written.model import LanguageModel, choose_model

RunPython = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DEPECHE_LLM")]:
        monkeypatch.delenv(name)


def test_without_an_address_and_a_name_nothing_writes() -> None:
    assert choose_model() is None
    assert choose_model("", " ") is None


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1"),
        ("https://models.example/team/v2", "https://models.example/team/v2"),
        (" http://[::1]:11434 ", "http://[::1]:11434/v1"),
    ],
)
def test_an_address_is_taken_as_people_write_it(given: str, url: str) -> None:
    assert choose_model(given, "m") == LanguageModel(url, "m")


@pytest.mark.parametrize(
    "given",
    [
        "127.0.0.1:8080",
        "localhost",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "http://",
        "http://:8080",
        "http://host:port",
        "http://host:99999",
        "http://host:0",
        "http://[::1",
        "http://host/v1?key=1",
        "http://host/v1#x",
        "http://ho st/v1",
        "<b>",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(WriterInvalid, match=r"--llm http://127\.0\.0\.1:8080/v1"):
        choose_model(given, "m")


def test_a_key_in_the_address_is_refused_and_not_repeated() -> None:
    for given in ("http://user:hunter2@host/v1", "http://hunter2@host:0/v1", "hunter2@host"):
        with pytest.raises(WriterInvalid) as refused:
            choose_model(given, "m")
        assert "hunter2" not in str(refused.value)


def test_an_address_without_a_name_and_a_name_without_an_address_are_refused() -> None:
    with pytest.raises(WriterInvalid, match="No model is named"):
        choose_model("http://127.0.0.1:8080", None)
    with pytest.raises(WriterInvalid, match="'qwen' has no address"):
        choose_model(None, "qwen")


def test_the_environment_names_the_model_and_holds_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEPECHE_LLM", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("DEPECHE_LLM_MODEL", "qwen")
    monkeypatch.setenv("DEPECHE_LLM_KEY", "hunter2")

    chosen = choose_model()

    assert chosen == LanguageModel("http://127.0.0.1:1/v1", "qwen", "hunter2")
    assert "hunter2" not in repr(chosen)
    named = choose_model("http://127.0.0.1:2/v1", "llama")
    assert named == LanguageModel("http://127.0.0.1:2/v1", "llama", "hunter2")


def test_a_key_that_no_header_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPECHE_LLM_KEY", "sésame")

    with pytest.raises(WriterInvalid, match="DEPECHE_LLM_KEY") as refused:
        choose_model("http://127.0.0.1:1", "m")

    assert "sésame" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://127.8.0.1:1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://localhost:1/v1", True),
        ("http://192.168.1.5:1/v1", False),
        ("https://127.0.0.1.example/v1", False),
    ],
)
def test_it_is_known_whether_the_model_is_on_this_machine(url: str, here: bool) -> None:
    assert LanguageModel(url, "m").is_on_this_machine is here


def test_without_its_client_the_command_that_installs_it_is_told(run_python: RunPython) -> None:
    program = (
        "import importlib.util as util, sys\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name: None if name == 'openai' else find(name)\n"
        "from qa.cli import main\n"
        "sys.exit(main(['ask', '?', '--llm', 'http://127.0.0.1:1', '--llm-model', 'm']))"
    )

    ended = run_python("-c", program)

    assert ended.returncode == 1
    assert ended.stderr == (
        "To have answers written out, install openai: pip install 'depeche[llm]'\n"
    )
