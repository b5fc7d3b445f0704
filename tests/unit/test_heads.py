"""What the head of a killed run leaves behind."""

import pytest

from serfusion import heads


@pytest.fixture
def code(tmp_path):
    """Two files of code, and what forgets their digests."""
    files = [tmp_path / name for name in ("script.py", "module.py")]
    for file in files:
        file.write_text("pass\n")
    heads.file_digest.cache_clear()
    return files


def test_a_job_is_the_same_whatever_the_order_of_its_params(code):
    assert heads.identity({"C": 1, "seed": 17}, code) == heads.identity({"seed": 17, "C": 1}, code)


@pytest.mark.parametrize("params", [{"C": 2, "seed": 17}, {"C": 17, "seed": 1}, {"C": 1}, {}])
def test_a_job_with_other_params_is_another(code, params):
    assert heads.identity({"C": 1, "seed": 17}, code) != heads.identity(params, code)


def test_a_job_with_other_code_is_another(code):
    before = heads.identity({}, code)
    code[1].write_text("pass  # edited\n")
    heads.file_digest.cache_clear()
    assert heads.identity({}, code) != before
    assert heads.identity({}, code[:1]) != heads.identity({}, code)


def test_notes_are_kept_for_the_next_head(tmp_path, monkeypatch):
    monkeypatch.setattr(heads, "NOTES", tmp_path / "due.json")
    assert heads.read_notes() == {}
    heads.write_notes({"results/a.csv": "1"})
    heads.write_notes({"results/b.csv": "2"})
    assert heads.read_notes() == {"results/b.csv": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["due.json"]


@pytest.fixture
def squeue(tmp_path, monkeypatch):
    """A function that puts a command of this name and answer on the path, and nothing else."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def answering(text: str, code: int = 0) -> None:
        command = tmp_path / "squeue"
        command.write_text(f"#!/bin/sh\nprintf '{text}'\nexit {code}\n")
        command.chmod(0o755)

    return answering


def test_only_snakemakes_jobs_of_this_folder_count(squeue, tmp_path):
    here = tmp_path / "study"
    lines = [
        f"7|rule_network_wildcards_a_1|{here}",
        f"8|rule_features_features|{here}/other",
        f"9|(null)|{here}",
        f"10|rule_report_evaluation_report|{here}",
    ]
    squeue("\\n".join(lines) + "\\n")
    assert heads.queued_jobs(here) == ["7", "10"]


def test_there_are_none_without_slurm_and_where_it_does_not_answer(squeue, tmp_path):
    assert heads.queued_jobs(tmp_path) == []
    squeue("Unable to contact slurm controller\\n", code=1)
    assert heads.queued_jobs(tmp_path) == []
