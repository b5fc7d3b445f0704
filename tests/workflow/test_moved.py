"""A study that is moved, copied, or run from another folder."""

import shutil
import subprocess

import pytest
import yaml

from studies import Study, new_study

pytestmark = pytest.mark.slow


@pytest.fixture
def fresh(tmp_path):
    """A new copy of the code, as a clone brings it: every file of it is newer than any result."""
    study = new_study(tmp_path / "fresh")
    for path in study.folder.rglob("*"):
        path.touch()
    return study


def said_from(folder, study, *arguments: str) -> str:
    """Return what a dry run of a study's Snakefile says in another folder."""
    command = study.command("-s", str(study / "Snakefile"), "-n", *arguments)
    done = subprocess.run(
        command, cwd=folder, env=study.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_copied_study_is_not_made_again(finished, fresh):
    for part in ("results", "data", ".snakemake/metadata"):
        (fresh / part).parent.mkdir(exist_ok=True)
        shutil.copytree(finished / part, fresh / part, copy_function=shutil.copy2, symlinks=True)
    fresh.config = finished.config
    assert fresh.would_run() == {}
    fresh.set("models.logistic_regression.search", {"C": [0.01, 10]})
    assert "clips" not in fresh.would_run() and "network" not in fresh.would_run()


def test_a_moved_study_is_not_made_again(finished, tmp_path):
    folder = tmp_path / "elsewhere" / "study"
    shutil.copytree(finished.folder, folder, symlinks=True)
    assert Study(folder).would_run() == {}


def test_from_another_folder_the_study_beside_the_snakefile_is_run(fresh, tmp_path):
    folder = tmp_path / "another"
    folder.mkdir()
    mine = {"experiments": {"mine": fresh.config["experiments"]["small"] | {"title": "Mine"}}}
    (folder / "mine.yaml").write_text(yaml.safe_dump(mine), encoding="utf-8")
    assert "Indexing demo" in said_from(folder, fresh, "results/small/report.html")
    own = ("--configfile", "mine.yaml", "--", "results/mine/report.html")
    assert "of mine" in said_from(folder, fresh, *own)
    (folder / "config.yaml").write_text(
        yaml.safe_dump(fresh.config | mine | {"comparisons": {}}), encoding="utf-8"
    )
    assert "of mine" in said_from(folder, fresh, "results/mine/report.html")
