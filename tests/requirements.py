"""What a test wants of the machine, and may be skipped without."""

import os

import pytest

EVERYTHING = "SERFUSION_TESTS_EVERYTHING"
"""Set where Slurm, Chromium and the like are installed for the tests, and none may be skipped."""


def unavailable(reason: str) -> None:
    """Skip the test, or fail it where everything it wants was to be there."""
    if os.environ.get(EVERYTHING):
        pytest.fail(reason)
    pytest.skip(reason)
