"""Jobs that are killed, a node that leaves, a controller that is away: the study still ends."""

import time

import pytest

from cluster_runs import (
    ANSWERS,
    ENDED_BADLY,
    EVALUATION,
    METRICS,
    Head,
    running,
    wait_for_a_job,
)
from controller import wait_until
from studies import tables

pytestmark = pytest.mark.slow


def minutes(job: dict[str, str]) -> int:
    """Return a job's limit of time, which Slurm writes as 5:00 or 1:05:00."""
    *hours, minutes, _ = map(int, job["minutes"].split(":"))
    return 60 * sum(hours) + minutes


def test_a_cancelled_job_is_submitted_again(finished, cluster, study):
    head = Head(study, ANSWERS)
    cluster.ask("scancel", wait_for_a_job(cluster))
    head.ends_well()
    first, second = cluster.jobs()
    assert first["rule"] == second["rule"]
    assert [first["state"], second["state"]] == ["CANCELLED", "COMPLETED"]
    megabytes = [int(job["memory"].removesuffix("M")) for job in (first, second)]
    assert megabytes[1] == 2 * megabytes[0]
    assert minutes(second) == 2 * minutes(first)
    assert tables(study.folder) == tables(finished.folder)


def test_a_job_killed_for_its_memory_asks_for_more(finished, cluster, study):
    little = [f"{rule}:mem_mb=200*attempt**3" for rule in ("estimator", "estimator_search")]
    said = Head(study, ANSWERS, "--set-resources", *little).ends_well()
    first, second = cluster.jobs()
    assert first["rule"] == second["rule"]
    assert first["state"] in ENDED_BADLY
    assert second["state"] == "COMPLETED"
    assert (first["memory"], second["memory"]) == ("200M", "1600M")
    assert "Trying to restart" in said
    assert tables(study.folder) == tables(finished.folder)


def test_a_node_is_drained_and_resumed(finished, cluster, study):
    cluster.ask("scontrol", "update", f"node={cluster.host}", "state=drain", "reason=test")
    head = Head(study, ANSWERS)
    wait_until(lambda: cluster.jobs("pending"), "no job waits")
    time.sleep(3)
    assert running(cluster) == []
    cluster.ask("scontrol", "update", f"node={cluster.host}", "state=resume")
    head.ends_well()
    assert {job["state"] for job in cluster.jobs()} == {"COMPLETED"}
    assert tables(study.folder) == tables(finished.folder)


def test_the_controller_is_restarted(finished, cluster, submit, tmp_path):
    study = submit(finished.copy(tmp_path / "study"))
    (study / METRICS).unlink()
    head = Head(study, METRICS)
    wait_for_a_job(cluster)
    cluster.stop_controller()
    time.sleep(1)  # a step that ends meanwhile says so again a minute later
    cluster.start_controller()
    head.ends_well()
    assert [(job["rule"], job["state"]) for job in cluster.jobs()] == [(EVALUATION, "COMPLETED")]
    assert tables(study.folder) == tables(finished.folder)
