"""One function over many clips, on as many processes as the job was given."""

import sys
from collections.abc import Callable, Sequence
from time import perf_counter

from threadpoolctl import threadpool_limits
from tqdm.contrib.concurrent import process_map

from serfusion.logs import logger

SECONDS_BETWEEN_LINES = 10


def over_clips(function: Callable, items: Sequence, *, workers: int, what: str) -> list:
    """Return `[function(item) for item in items]`, with a progress bar named `what`.

    Each process computes on one thread, so that the numbers do not depend on how many there are.
    """
    began = perf_counter()
    with threadpool_limits(1):
        results = process_map(
            function,
            items,
            max_workers=workers,
            chunksize=1,
            desc=what,
            unit="clip",
            mininterval=0.1 if sys.stderr.isatty() else SECONDS_BETWEEN_LINES,
        )
    logger.info("%s: %d clips in %.1f s", what, len(items), perf_counter() - began)
    return results
