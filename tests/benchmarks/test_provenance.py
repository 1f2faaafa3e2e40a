import subprocess
from pathlib import Path

import pytest

from benchmarks import provenance as module
from benchmarks.provenance import code_digest, commit_name, provenance


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of one file of code, committed."""
    (tmp_path / "qa").mkdir()
    (tmp_path / "qa" / "answer.py").write_text("ANSWER = 42\n")
    for command in (
        ["init", "--quiet"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "Begin"],
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def test_a_commit_is_named_and_marked_when_the_code_differs(project: Path) -> None:
    name = commit_name()
    assert 4 <= len(name) <= 12

    (project / "notes.txt").write_text("nothing that answers\n")
    assert commit_name() == name

    (project / "qa" / "answer.py").write_text("ANSWER = 41\n")
    assert commit_name() == f"{name}+"


def test_the_digest_changes_with_what_answers_and_with_nothing_else(project: Path) -> None:
    digest = code_digest()

    (project / "notes.txt").write_text("nothing that answers\n")
    (project / "qa" / "answer.pyc").write_bytes(b"compiled")
    assert code_digest() == digest

    (project / "qa" / "weights.safetensors").write_bytes(b"weights")
    assert code_digest() != digest


def test_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOT", tmp_path / "absent")

    assert commit_name() == "unknown"


def test_facts_tell_nothing_of_the_machine() -> None:
    facts = provenance()

    assert set(facts) == {"commit", "date", "code", "python", "packages", "settings"}
    assert facts["settings"]["candidates"] > 0
    assert str(Path.home()) not in str(facts)
