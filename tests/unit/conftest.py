"""What tests of both fitting loops fit to."""

import pytest

from fits import rows
from serfusion.fitting.rows import Rows


@pytest.fixture(scope="module")
def sides() -> dict[str, Rows]:
    sizes = {"train": 150, "validation": 60, "test": 60}
    return {role: rows(size, role, seed) for seed, (role, size) in enumerate(sizes.items())}
