"""What was measured, and with what: the facts that let figures be found again.

Nothing of the machine: the same code and questions give the same figures elsewhere.
"""

import hashlib
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.versions import versions
from qa.settings import DEFAULT

ROOT = Path(__file__).resolve().parent.parent

# what takes part in an answer
_ANSWERING = ("index", "qa")


def provenance() -> dict[str, Any]:
    """Return the commit, the versions and the settings."""
    installed = versions()
    ours = ("python", "depeche")
    return {
        "commit": commit_name(),
        "date": datetime.now(UTC).date().isoformat(),
        "code": code_digest(),
        "python": installed["python"],
        "packages": {name: number for name, number in installed.items() if name not in ours},
        "settings": asdict(DEFAULT),
    }


def commit_name() -> str:
    """Name the commit; "+" when files that take part in an answer differ from it."""
    name = ask_git("rev-parse", "--short", "HEAD")
    if name is None:
        return "unknown"
    changed = ask_git("status", "--porcelain", "--", *_ANSWERING, "benchmarks/*.py")
    return f"{name}+" if changed else name


def ask_git(*arguments: str) -> str | None:
    """Return what git says of the project, or None where there is no git or no repository."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return ended.stdout.strip()


def code_digest() -> str:
    """Return the digest of every file that takes part in an answer: code, words and weights."""
    digest = hashlib.sha256()
    for package in _ANSWERING:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                name = path.relative_to(ROOT).as_posix()
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()[:12]
