import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_HEAVY = ("gradio", "torch", "faiss", "sentence_transformers", "transformers", "numpy")


def run_python(*arguments: str, cwd: Path = _ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python in a fresh process with the project importable."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_help_names_every_option_and_loads_nothing_heavy() -> None:
    program = (
        "import sys, app\n"
        "try: app.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )

    done = run_python("-c", program)

    for option in ("--corpus", "--store", "--host", "--port", "--model"):
        assert option in done.stdout
    assert done.stderr.strip() == "[]"


def test_a_missing_corpus_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    done = run_python("app.py", "--corpus", str(tmp_path / "no"), "--store", str(tmp_path / "s"))

    assert done.returncode == 1
    assert done.stderr.startswith("There is no folder of articles at")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["many", "-1", "70000"])
def test_a_port_that_is_none_is_wrong_usage(port: str) -> None:
    done = run_python("app.py", "--port", port)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_app_stays_short() -> None:
    assert len((_ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 120
