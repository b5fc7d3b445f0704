"""What the summary waits for, and what it takes as it stands."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from serfusion.dag import readiness


@pytest.fixture
def files(tmp_path):
    """The files of two experiments that share a corpus, and of a comparison; none is there yet."""

    def of(name: str) -> dict[str, list[str]]:
        return {
            "pages": [str(tmp_path / f"{name}.html")],
            "audits": [str(tmp_path / f"{name}.json")],
            "clips": [str(tmp_path / "clips.parquet")],
        }

    return {"one": of("one"), "two": of("two"), "both": {"pages": [str(tmp_path / "both.html")]}}


def make(*kinds: dict[str, list[str]]) -> None:
    for files in kinds:
        for paths in files.values():
            for path in paths:
                Path(path).touch()


def test_nothing_is_read_of_a_study_of_which_nothing_stands(files):
    awaited, finished = readiness.sorted_out(files, set())
    assert awaited == finished == {kind: [] for kind in readiness.KINDS}


def test_what_the_run_was_asked_for_is_waited_for_and_what_stands_is_not(files):
    make(files["one"], files["both"])
    awaited, finished = readiness.sorted_out(files, set(files["two"]["pages"]))
    assert awaited["audits"] == files["two"]["audits"]
    assert finished["audits"] == files["one"]["audits"]
    assert finished["pages"] == files["one"]["pages"] + files["both"]["pages"]
    assert awaited["clips"] == files["two"]["clips"]
    assert finished["clips"] == []


def test_an_experiment_that_lacks_a_file_is_not_finished(files):
    make(files["one"] | {"audits": []})
    assert readiness.sorted_out(files, set())[1]["pages"] == []


def test_folds_can_be_drawn_of_a_dataset_that_this_run_does_not_make():
    def job(rule: str, output: str, **inputs) -> SimpleNamespace:
        return SimpleNamespace(
            rule=SimpleNamespace(name=rule),
            output=[output],
            input=SimpleNamespace(**inputs),
            params={"seed": 17},
        )

    jobs = [
        job("dataset", "new.parquet"),
        job("folds", "new folds", dataset="new.parquet"),
        job("folds", "old folds", dataset="old.parquet"),
        job("report", "page", dataset="old.parquet"),
    ]
    assert list(readiness.ready_to_draw(jobs)) == [({"seed": 17}, "old.parquet")]
