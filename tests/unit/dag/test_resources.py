"""What a job asks for: more for more input, and again as much on each retry."""

from types import SimpleNamespace

import pytest

from serfusion.dag.resources import asks


def amount(resource, size_mb: float, threads: int = 1, attempt: int = 1) -> int:
    return resource(None, SimpleNamespace(size_mb=size_mb), threads, attempt)


@pytest.mark.parametrize(
    ("resource", "size_mb", "threads", "expected"),
    [
        (asks(10), 500, 8, 10),
        (asks(800, per_mb=15), 20, 1, 1100),
        (asks(1000, per_thread=330, per_mb=1000), 0.25, 8, 3890),
        (asks(2100, per_mb=110, power=0.5), 400, 2, 4300),
        (asks(5, per_mb=0.5), 0.1, 1, 5),
    ],
)
def test_it_grows_with_input_and_threads(resource, size_mb, threads, expected):
    assert amount(resource, size_mb, threads) == expected
    for attempt in (2, 3):
        assert amount(resource, size_mb, threads, attempt) == attempt * expected
