"""What the head of a killed run leaves behind."""

import pytest

from serfusion.dag import queue


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
    assert queue.queued_jobs(here) == ["7", "10"]


def test_there_are_none_without_slurm_and_who_knows_where_it_does_not_answer(squeue, tmp_path):
    assert queue.queued_jobs(tmp_path) == []
    squeue("Unable to contact slurm controller\\n", code=1)
    assert queue.queued_jobs(tmp_path) is None
