import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

_ROOT = Path(__file__).parents[2]
_HEAVY = ("gradio", "torch", "faiss", "sentence_transformers", "transformers", "numpy")


def test_the_help_names_every_option_and_loads_nothing_heavy(run_python: Run) -> None:
    program = (
        "import sys, app\n"
        "try: app.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )

    done = run_python("-c", program)

    for option in (
        *("--corpus", "--store", "--host", "--port", "--model", "--reader", "--root-path"),
        *("--auth-file", "--add-user", "--without-password", "--read-only", "--concurrency"),
        *("--log", "--log-questions"),
    ):
        assert option in done.stdout
    assert done.stderr.strip() == "[]"


def test_a_missing_corpus_is_one_sentence_and_exit_code_1(run_python: Run, tmp_path: Path) -> None:
    done = run_python("app.py", "--corpus", str(tmp_path / "no"), "--store", str(tmp_path / "s"))

    assert done.returncode == 1
    assert done.stderr.startswith("There is no folder of articles at")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["many", "-1", "70000"])
def test_a_port_that_is_none_is_wrong_usage(run_python: Run, port: str) -> None:
    done = run_python("app.py", "--port", port)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_sentence_and_exit_code_1(run_python: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = (
            "import sys, app\n"
            "app._build_if_missing = lambda *_: None\n"
            f"sys.exit(app.main(['--store', {str(tmp_path)!r}, '--port', '{port}']))\n"
        )

        done = run_python("-c", program)

    assert done.returncode == 1
    assert f"The chat cannot listen on port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_log_that_cannot_be_written_is_one_sentence_and_the_chat_goes_on(
    run_python: Run, tmp_path: Path
) -> None:
    program = (
        "import sys, app\n"
        "app._build_if_missing = lambda *_: None\n"
        "app._serve = lambda _: print('served')\n"
        f"sys.exit(app.main(['--log', {str(tmp_path)!r}]))\n"
    )

    done = run_python("-c", program)

    assert (done.returncode, done.stdout) == (0, "served\n")
    assert done.stderr.startswith(f"No log is written: {tmp_path}")
    assert len(done.stderr.splitlines()) == 1


def test_the_app_stays_short() -> None:
    assert len((_ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 120


def test_the_models_are_loaded_beside_gradio(run_python: Run, tmp_path: Path) -> None:
    program = (
        "import sys, app\n"
        "from ui.desk import Desk\n"
        "Desk.warm_up = lambda self: sys.exit('gradio' in sys.modules)\n"
        "app._build_if_missing = lambda *_: None\n"
        f"app.main(['--store', {str(tmp_path)!r}])\n"
    )

    assert run_python("-c", program).returncode == 0
