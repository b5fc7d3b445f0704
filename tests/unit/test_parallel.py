"""Many clips in several processes, starting from an empty cache of compiled functions."""

import os
import subprocess
import sys

import pytest

from serfusion.dag.dependencies import LIBRARY
from serfusion.parallel import map_clips

SCRIPT = """
import numpy as np
from functools import partial
from serfusion.features.acoustic import acoustic
from serfusion.parallel import map_clips
settings = dict(sample_rate_hz=22050, frame_length=2048, hop_length=512, n_mfcc=20, n_mels=128)
settings["parts"] = ["zcr", "chroma", "mfcc", "rms", "mel"]
clips = [np.random.default_rng(n).normal(size=22050).astype(np.float32) for n in range(8)]
map_clips(partial(acoustic, **settings), clips, workers=4, label="noise")
"""


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 20])
def test_results_are_in_the_order_of_the_items(workers, count):
    results = map_clips(square, range(count), workers=workers, label="squares")
    assert results == [number * number for number in range(count)]


@pytest.mark.slow
def test_jobs_that_start_with_nothing_compiled_do_not_crash(tmp_path):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    jobs = [
        subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=LIBRARY, env=environment)
        for _ in range(3)
    ]
    assert [job.wait(timeout=300) for job in jobs] == [0, 0, 0]
    again = subprocess.run([sys.executable, "-c", SCRIPT], cwd=LIBRARY, env=environment)
    assert again.returncode == 0
