"""Arrays as bytes: those that numpy itself would write."""

import io

import numpy as np
import pytest

from index.arrays import array_bytes, read_array


@pytest.mark.parametrize("dtype", ["|u1", "|i1", "<u2", "<f2", "<u4", "<i4", "<i8"])
@pytest.mark.parametrize("shape", [(0,), (3,), (0, 4), (5, 0), (5, 4)])
@pytest.mark.parametrize("is_turned", [False, True])
def test_the_bytes_are_those_that_numpy_writes(
    dtype: str, shape: tuple[int, ...], is_turned: bool
) -> None:
    numbers = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    numbers = numbers.T if is_turned else numbers
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(numbers))

    written = array_bytes(numbers)

    assert written == file.getvalue()
    assert np.array_equal(read_array(written, dtype, None if numbers.ndim == 1 else 0), numbers)
