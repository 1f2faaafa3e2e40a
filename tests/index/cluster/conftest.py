"""A real Ray cluster of this machine: two workers."""

import logging
from collections.abc import Iterator
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def ray() -> Iterator[ModuleType]:
    """Ray, connected to two workers, one of which says that it has a graphics processor."""
    import ray

    ray.init(
        address="local",
        num_cpus=2,
        num_gpus=1,
        include_dashboard=False,
        object_store_memory=100_000_000,
        log_to_driver=False,
        logging_level=logging.CRITICAL,
    )
    yield ray
    ray.shutdown()
