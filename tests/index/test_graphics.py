"""How a graphics processor is found, and that nothing is said or broken where there is none."""

import ctypes
import subprocess
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import pytest

from index import graphics

RunPython = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEPECHE_GPU", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)


class Driver:
    """What CUDA's driver answers, as `ctypes` would hand it over."""

    def __init__(self, devices: int, *, starts: int = 0, counts: int = 0) -> None:
        self._devices, self._starts, self._counts = devices, starts, counts

    def cuInit(self, flags: int) -> int:  # noqa: N802  its name there
        assert flags == 0
        return self._starts

    def cuDeviceGetCount(self, count: object) -> int:  # noqa: N802
        ctypes.cast(count, ctypes.POINTER(ctypes.c_int))[0] = self._devices  # type: ignore[arg-type]
        return self._counts


@pytest.mark.parametrize(
    ("driver", "count"),
    [
        pytest.param(Driver(2), 2, id="two"),
        pytest.param(Driver(0), 0, id="none"),
        pytest.param(Driver(1, starts=100), 0, id="a driver that says there is none"),
        pytest.param(Driver(1, counts=3), 0, id="a driver that fails"),
    ],
)
def test_devices_are_counted_by_the_driver(driver: Driver, count: int) -> None:
    assert graphics.count_devices(driver) == count


@pytest.mark.parametrize("driver", ["libnothing-of-the-kind.so.1", "", find_library("c") or ""])
def test_without_the_driver_there_is_none(driver: str) -> None:
    assert not graphics.are_there(driver or __file__)


@pytest.fixture
def driver(tmp_path: Path) -> str:
    """A library that answers as a driver with one processor does, compiled here."""
    source, library = tmp_path / "driver.c", tmp_path / "driver.so"
    source.write_text(
        "int cuInit(unsigned flags) { return flags != 0; }\n"
        "int cuDeviceGetCount(int *count) { *count = 1; return 0; }\n"
    )
    try:
        subprocess.run(["cc", "-shared", "-fPIC", source, "-o", library], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no compiler")
    return str(library)


@pytest.mark.parametrize(
    ("name", "value", "there"),
    [
        ("DEPECHE_GPU", "1", True),
        ("DEPECHE_GPU", "", True),
        ("DEPECHE_GPU", "0", False),
        ("CUDA_VISIBLE_DEVICES", "0", True),
        ("CUDA_VISIBLE_DEVICES", "", False),
        ("CUDA_VISIBLE_DEVICES", "-1", False),
    ],
)
def test_a_processor_that_is_there_is_used_unless_the_environment_says_no(
    driver: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str, there: bool
) -> None:
    assert graphics.are_there(driver)

    monkeypatch.setenv(name, value)

    assert graphics.are_there(driver) is there


@pytest.mark.parametrize("library", ["libtorch_cuda.so", "torch_cuda.dll", "libtorch_cpu.so"])
def test_torch_is_told_by_its_libraries_and_not_imported(
    run_python: RunPython, tmp_path: Path, library: str
) -> None:
    (tmp_path / "torch" / "lib").mkdir(parents=True)
    (tmp_path / "torch" / "__init__.py").write_text("raise ImportError('it was imported')")
    (tmp_path / "torch" / "lib" / library).touch()
    program = "from index import graphics; print(graphics.torch_reaches_them())"

    ended = run_python("-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}")

    assert ended.stdout.split() == [str("cuda" in library)], ended.stderr


def test_without_torch_nothing_reaches_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(graphics.sys.modules, "torch", raising=False)

    assert not graphics.torch_reaches_them()
