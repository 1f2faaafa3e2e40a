"""Clusters that are not there, and servers that are none: one sentence, soon."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import index
from index.cluster import pulse
from index.errors import ClusterFailed, ExtraMissing

RunPython = Callable[..., subprocess.CompletedProcess[str]]


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_cluster_that_is_not_there_is_told_at_once_by_the_command(
    tmp_path: Path, run_python: RunPython
) -> None:
    address = f"127.0.0.1:{unused_port()}"

    ended = run_python("-m", "index", "corpus", "--store", tmp_path, "--ray", address)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"No Ray cluster can be used at {address}: connection refused.")
    assert ended.stderr.count("\n") == 1


# Asks servers, one after the other, and says what came of each.
ASKS = """
import sys
import time
from index.cluster import connect, hire
from index.errors import ClusterUnreachable
connect._CONNECT_SECONDS = 0.5
for address in sys.argv[1:]:
    try:
        with hire(address):
            pass
    except ClusterUnreachable as error:
        print(error)
"""


def test_what_is_no_cluster_is_given_up_with_a_sentence(run_python: RunPython) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = f"127.0.0.1:{server.getsockname()[1]}"
        answers = {
            "cluster": "it is no host:port",
            "127.0.0.1:99999": "it is no host:port",
            f"ray://127.0.0.1:{unused_port()}": "connection refused",
            "no-such-host.invalid:6379": "",
            silent: "no cluster answered in 0.5 s",
            f"ray://{silent}": "no cluster answered in 0.5 s",
        }

        ended = run_python("-c", ASKS, *answers)

    assert ended.stderr == ""
    for line, (address, problem) in zip(ended.stdout.splitlines(), answers.items(), strict=True):
        assert line.startswith(f"No Ray cluster can be used at {address}: {problem}")


def test_a_cluster_that_ends_in_the_middle_is_told_before_ray_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulse, "_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(pulse, "_HERE_SECONDS", 0.05)
    monkeypatch.setattr(pulse, "_HEAD_SECONDS", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as head,
        socket.create_server(("127.0.0.1", 0)) as node,
    ):
        here = f"127.0.0.1:{node.getsockname()[1]}"
        watched = pulse.Pulse(f"127.0.0.1:{head.getsockname()[1]}", here)
        watched.check()
        head.close()
        watched.check()  # it may be started again
        time.sleep(0.06)

        with pytest.raises(ClusterFailed, match=r"its head at 127\.0\.0\.1:\d+ is gone"):
            watched.check()
    time.sleep(0.06)
    with pytest.raises(ClusterFailed, match="Ray has ended on this machine"):
        watched.check()


def test_without_ray_the_line_that_installs_it_is_told(
    corpus_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(ExtraMissing, match=r"pip install 'depeche\[ray\]'"):
        index.build(corpus_folder, tmp_path, ray="auto")
