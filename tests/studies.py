"""A small study in a copy of the checkout, to run the DAG itself and to change things."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config.yaml", "rules", "workflow", "envs", "profiles", "slurm-gpu")

EVALUATION = {"evaluation": 1, "statistics": 1, "breakdown": 1, "mistakes": 1}
"""What is computed from an experiment's answers, and how often: a dry run's counts."""

COMPILED = "SERFUSION_TESTS_COMPILED"
"""Names the folder of what librosa's functions compile to, for all studies of a test run."""

SMALL = {
    "seed": 17,
    "corpora": {"demo": {"speakers": 4}},
    "datasets": {"demo": {"corpora": ["demo"]}},
    "augmentations": {"pitch": {"semitones": 2}, "noise": {"snr_db": 15}},
    "features": {"acoustic": {}, "statistical": {}, "gender": {}},
    "models": {
        "conv1d": {"network": "conv1d", "features": "acoustic", "width": 8, "epochs": 2},
        "fusion_conv1d_mlp": {
            "network": "mlp",
            "deep": "conv1d",
            "fuse": ["statistical", "gender"],
            "epochs": 2,
        },
        "logistic_regression": {
            "estimator": "logistic_regression",
            "features": "acoustic",
            "search": {"C": [0.01, 1]},
        },
    },
    "experiments": {
        "small": {
            "dataset": "demo",
            "folds": {"by": "actor", "count": 2},
            "validation": {"by": "actor", "share": 0.5},
            "augment": ["pitch", "noise"],
            "models": ["conv1d", "fusion_conv1d_mlp", "logistic_regression"],
        }
    },
    "comparisons": {
        "fused": {
            "baseline": {
                "label": "fused",
                "experiment": "small",
                "model": "fusion_conv1d_mlp",
            },
            "questions": [{"question": "Fused?", "arms": [{"label": "deep", "model": "conv1d"}]}],
        }
    },
}


class Study:
    """A copy of the checkout with a small study in it.

    What it runs, it runs in `environment` (default: that of the tests).
    """

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = environment

    def __truediv__(self, path: str) -> Path:
        return self.folder / path

    @property
    def config(self) -> dict:
        return yaml.safe_load((self / "config.yaml").read_text())

    @config.setter
    def config(self, config: dict) -> None:
        (self / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def set(self, place: str, value) -> None:
        """Change one entry of the configuration, such as `models.conv1d.width`."""
        config = self.config
        *steps, last = place.split(".")
        entry = config
        for step in steps:
            entry = entry[step]
        entry[last] = value
        self.config = config

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "snakemake", *arguments]

    def snakemake(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Snakemake as a user would and return what it said, both streams in `stdout`."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert not (check and done.returncode), done.stdout
        return done

    def would_run(self, *targets: str) -> dict[str, int]:
        """Return which rules a run would execute and how often, from a dry run."""
        said = self.snakemake("-n", *targets).stdout
        table = re.search(r"^job +count\n[- ]+\n(.*?)^total", said, re.M | re.S)
        if table is None:
            assert "Nothing to be done" in said, said
            return {}
        counts = dict(line.split() for line in table[1].splitlines() if line.strip())
        return {rule: int(count) for rule, count in counts.items()}

    def copy(self, folder: Path) -> "Study":
        return Study(shutil.copytree(self.folder, folder, symlinks=True))


def new_study(folder: Path) -> Study:
    folder.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_symlink():
            (folder / part).symlink_to(source.readlink())
        elif source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / part)
    (folder / ".cache").symlink_to(os.environ[COMPILED])
    study = Study(folder)
    study.config = SMALL
    return study


def tables(folder: Path) -> dict[str, str]:
    """Return the digest of every Parquet and CSV file of a study, by its path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "results").rglob("*"))
        if path.suffix in (".parquet", ".csv")
    }


def refused(study: Study, *arguments: str) -> list[str]:
    """Return the lines of what a run said before it failed."""
    done = study.snakemake(*arguments, check=False)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    return [line.strip() for line in done.stdout.splitlines()]


def said(lines: list[str]) -> list[str]:
    """Return the sentences with which jobs refused."""
    return [line.partition("Refused: ")[2] for line in lines if "Refused: " in line]
