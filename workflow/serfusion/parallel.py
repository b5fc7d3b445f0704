"""Applying one function to many clips, in several processes."""

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


def map_clips(function: Callable, items: Sequence, *, workers: int, label: str) -> list:
    """Return `[function(item) for item in items]`, computed in several processes.

    Each process uses one thread, so that the results do not depend on the number of processes.

    The first item is computed in this process, under a lock that jobs share, so that librosa's
    compiled functions are in the cache before other processes start. Two processes that compile
    the same function at the same time leave a cache that crashes every process that loads it
    (numba/numba#10128).

    Parameters
    ----------
    function : callable
        Of one item; it must be possible to pickle it.
    items : sequence
        At least one.
    workers : int
        Number of processes.
    label : str
        The name of the work, for the progress bar and the log.
    """
    start = perf_counter()
    first, *others = items
    with threadpool_limits(1):
        with FileLock(Path(os.environ.get("NUMBA_CACHE_DIR", gettempdir())) / "compiling.lock"):
            results = [function(first)]
        results += process_map(
            function,
            others,
            max_workers=workers,
            chunksize=1,
            desc=label,
            unit="clip",
            initial=1,
            total=len(items),
            mininterval=0.1 if sys.stderr.isatty() else SECONDS_BETWEEN_LINES,
        )
    logger.info("%s: %d clips in %.1f s", label, len(items), perf_counter() - start)
    return results
