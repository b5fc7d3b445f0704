"""A cluster for each test, and the small study on it."""

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from cluster_runs import FOLD
from controller import Controller, missing
from requirements import unavailable
from studies import Study


@pytest.fixture
def cluster():
    """A cluster whose one node claims eight CPUs and two GPUs."""
    if missing():
        unavailable(f"Slurm is not installed: {', '.join(missing())}")
    folder = Path(mkdtemp(prefix="slurm-"))
    controller = Controller(folder)
    try:
        controller.start()
        yield controller
    finally:
        controller.stop()
        shutil.rmtree(folder)


@pytest.fixture
def submit(cluster):
    """A function that gives a study to the cluster: how often it asks, and where it may go."""

    def to_cluster(study: Study) -> Study:
        profile = study / "profiles/slurm-gpu/config.yaml"
        settings = "slurm-status-command: squeue\nslurm-init-seconds-before-status-checks: 2\n"
        profile.write_text(profile.read_text() + settings)
        (study / ".venv").symlink_to(sys.prefix)
        study.environment = cluster.environment
        return study

    return to_cluster


@pytest.fixture
def study(finished, submit, tmp_path):
    """The small study on the cluster, complete but for one fold of its classical model."""
    copy = finished.copy(tmp_path / "study")
    shutil.rmtree(copy / FOLD)
    return submit(copy)
