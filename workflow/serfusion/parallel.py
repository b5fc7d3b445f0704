"""One function over many clips, on as many processes as the job was given."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter

from filelock import FileLock
from threadpoolctl import threadpool_limits
from tqdm.contrib.concurrent import process_map

from serfusion.logs import logger

SECONDS_BETWEEN_LINES = 10


def over_clips(function: Callable, items: Sequence, *, workers: int, what: str) -> list:
    """Return `[function(item) for item in items]`, with a progress bar named `what`.

    Each process computes on one thread, so that the numbers do not depend on how many there are.

    The first item is done here, one job at a time, before there are other processes: librosa's
    compiled functions are then ready for all of them. Two processes that compile the same function
    at once leave a cache that crashes whoever loads it (numba/numba#10128).
    """
    began = perf_counter()
    first, *others = items
    with threadpool_limits(1):
        with FileLock(Path(os.environ.get("NUMBA_CACHE_DIR", gettempdir())) / "compiling.lock"):
            results = [function(first)]
        results += process_map(
            function,
            others,
            max_workers=workers,
            chunksize=1,
            desc=what,
            unit="clip",
            initial=1,
            total=len(items),
            mininterval=0.1 if sys.stderr.isatty() else SECONDS_BETWEEN_LINES,
        )
    logger.info("%s: %d clips in %.1f s", what, len(items), perf_counter() - began)
    return results
