"""Processes of this package that work for this one, and talk to it through pipes."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def python_module(name: str) -> tuple[str, ...]:
    """Return the command that runs a module of this package."""
    # -P: a module that lies in the folder of articles is not the one that is meant
    return sys.executable, "-P", "-m", name


def start_child(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a process: quietly, on one core, with this very package.

    Raises:
        OSError: if the system refuses.
    """
    package = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([package, known] if known else [package]),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
