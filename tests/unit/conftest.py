"""Rows that the tests of both fitting loops share."""

import pytest

from fits import random_rows
from serfusion.fitting.rows import Rows


@pytest.fixture(scope="module")
def rows_by_role() -> dict[str, Rows]:
    sizes = {"train": 150, "validation": 60, "test": 60}
    return {role: random_rows(size, role, seed) for seed, (role, size) in enumerate(sizes.items())}
