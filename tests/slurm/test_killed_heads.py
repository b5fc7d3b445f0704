"""Heads that are killed, that are two, that run in a job of their own."""

import signal
import subprocess

import pandas as pd
import pytest

from cluster_runs import (
    ANSWERS,
    ENDED_BADLY,
    ESTIMATED,
    EVALUATION,
    FOLD,
    METRICS,
    PROFILE,
    Head,
    rules,
    running,
    wait_for_a_job,
)
from controller import wait_until
from studies import tables

pytestmark = pytest.mark.slow


def test_a_second_head_is_refused(finished, cluster, study):
    head = Head(study, ANSWERS)
    wait_for_a_job(cluster)
    second = study.snakemake(*PROFILE, ANSWERS, check=False)
    assert second.returncode == 1
    assert "Directory cannot be locked" in second.stdout
    head.ends_well()
    assert rules(cluster) == [ESTIMATED]
    assert tables(study.folder) == tables(finished.folder)


def test_a_killed_head_is_started_again(finished, cluster, study):
    (study / METRICS).unlink()
    head = Head(study, METRICS)
    job = wait_for_a_job(cluster)
    cluster.ask("scontrol", "suspend", job)  # so that it cannot end before the second head starts
    head.process.send_signal(signal.SIGKILL)
    head.process.wait()
    study.snakemake(*PROFILE, "--unlock")
    refused = study.snakemake(*PROFILE, METRICS, check=False)
    assert refused.returncode == 1
    assert f"in the queue: {job}." in refused.stdout
    cluster.ask("scontrol", "resume", job)
    wait_until(lambda: not running(cluster), "the job does not end", 120)
    Head(study, METRICS).ends_well()
    assert rules(cluster) == [ESTIMATED, EVALUATION]
    assert tables(study.folder) == tables(finished.folder)
    assert study.would_run(METRICS) == {}
    study.set("models.logistic_regression.search.C", [1, 100])
    assert "estimator_search" in study.would_run(METRICS)


def test_what_outlived_its_head_is_made_again_after_an_edit(cluster, study):
    head = Head(study, ANSWERS)
    wait_for_a_job(cluster)
    head.process.send_signal(signal.SIGKILL)
    head.process.wait()
    wait_until(lambda: not running(cluster), "the job does not end", 120)
    study.snakemake(*PROFILE, "--unlock")
    assert study.would_run(ANSWERS) == {}
    study.set("models.logistic_regression.search.C", [1, 100])
    assert study.would_run(ANSWERS) == {"estimator_search": 1, "estimator": 1}
    Head(study, ANSWERS).ends_well()
    assert set(pd.read_csv(study / FOLD / "search.csv")["C"]) == {1, 100}


def test_a_head_in_a_job_of_its_own_goes_on_where_it_was(finished, cluster, study):
    submitted = subprocess.run(
        ["sbatch", "--parsable", "profiles/slurm-gpu/head.sbatch", ANSWERS],
        cwd=study.folder,
        env=study.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    head = submitted.stdout.strip()
    wait_until(lambda: len(running(cluster)) == 2, "no job runs beside the head")
    cluster.ask("scontrol", "requeue", head)

    def state() -> str:
        return next(job["state"] for job in cluster.jobs() if job["id"] == head)

    wait_until(lambda: state() == "PENDING", "the head is not queued again")
    wait_until(lambda: state() in {"COMPLETED", *ENDED_BADLY}, "the head does not end", 600)
    log = (study / "head.log").read_text()
    assert state() == "COMPLETED", log
    assert "Waiting for what job" in log
    assert tables(study.folder) == tables(finished.folder)
    assert study.would_run(ANSWERS) == {}
