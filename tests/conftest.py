"""What several tests need: a clip on disk, a study that may be changed, real speech if any."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from filelock import FileLock
from hypothesis import settings

from studies import COMPILED, Study, new_study

settings.register_profile("serfusion", deadline=None, derandomize=True)
settings.load_profile("serfusion")


def pytest_configure(config):
    """Let all processes of a test run share what they compile."""
    if COMPILED not in os.environ:
        config.compiled = TemporaryDirectory(prefix="serfusion-tests-")
        os.environ[COMPILED] = config.compiled.name


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are cores: tests on a cluster mostly wait for it."""
    return len(os.sched_getaffinity(0)) + 1


REAL_SPEECH = "SERFUSION_REAL_SPEECH"


@pytest.fixture(scope="session")
def real_speech() -> Path:
    """A folder with RAVDESS/, CREMA-D/ or TESS/ as their owners lay them out."""
    folder = os.environ.get(REAL_SPEECH)
    if not folder:
        pytest.skip(f"{REAL_SPEECH} does not name a folder with the real corpora")
    return Path(folder)


@pytest.fixture(scope="session")
def real_corpus(real_speech):
    """A function that returns the folder of a real corpus, whole or in part."""

    def folder(name: str) -> Path:
        if not (real_speech / name).is_dir():
            pytest.skip(f"no {name} among the real corpora")
        return real_speech / name

    return folder


@pytest.fixture
def write_clip(tmp_path):
    """A function that writes samples under the test's folder and returns the path."""

    def write(name: str, samples: np.ndarray, rate: int = 16000, **options) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, rate, **options)
        return path

    return write


@pytest.fixture
def study(tmp_path) -> Study:
    """A small study that nothing of has run."""
    return new_study(tmp_path / "study")


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id) -> Study:
    """The small study, run whole on two cores. Tests copy it before they change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "finished" / "study"
    with FileLock(shared / "finished.lock"):
        if not folder.exists():
            new_study(folder).snakemake("--cores", "2")
    return Study(folder)
