"""`snakemake --profile slurm-gpu` on a real Slurm, on good days and on bad ones."""

import os
import shutil
import signal
import subprocess
import time

import pandas as pd
import pytest

from controller import wait_until
from studies import new_study, tables

pytestmark = pytest.mark.slow

PROFILE = ("--profile", "slurm-gpu")
REPORT = "results/small/report.html"
FOLD = "results/small/logistic_regression/fold_1"
ANSWERS = f"{FOLD}/answers.parquet"
METRICS = "results/small/metrics.csv"
ESTIMATED = "rule_estimators_estimator_estimator_search"
EVALUATED = "rule_report_breakdown_evaluation_mistakes_report_statistics"
EVALUATION = "rule_report_evaluation"
ENDED_BADLY = {"CANCELLED", "FAILED", "OUT_OF_MEMORY", "TIMEOUT", "NODE_FAIL"}
ENDED = {"COMPLETED", *ENDED_BADLY}


class Head:
    """`snakemake --profile slurm-gpu` in the background, as on a login node of one core."""

    def __init__(self, study, *arguments: str) -> None:
        self.log = study / "head.txt"
        with self.log.open("w") as said:
            self.process = subprocess.Popen(
                study.command(*PROFILE, *arguments),
                cwd=study.folder,
                env=study.environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
            )

    def ends_well(self) -> str:
        assert self.process.wait(900) == 0, self.log.read_text()
        return self.log.read_text()


@pytest.fixture
def study(finished, submit, tmp_path):
    """The small study on the cluster, complete but for one fold of its classical model."""
    copy = finished.copy(tmp_path / "study")
    shutil.rmtree(copy / FOLD)
    return submit(copy)


def rules(cluster) -> list[str]:
    return [job["rule"] for job in cluster.jobs()]


def running(cluster) -> list[str]:
    return [job["id"] for job in cluster.jobs("running")]


def wait_for_a_job(cluster) -> str:
    """Return the ID of the first job that is seen to run, once it is at work."""
    wait_until(lambda: running(cluster), "no job runs")
    time.sleep(2)
    return running(cluster)[0]


def most_at_once(jobs: list[dict[str, str]]) -> int:
    """Return how many jobs ran at the same time."""
    times = pd.DataFrame(jobs)[["started", "end"]].apply(pd.to_datetime)
    return max(((times["started"] <= at) & (times["end"] > at)).sum() for at in times["started"])


def test_a_study_from_nothing(finished, cluster, submit, tmp_path):
    study = submit(new_study(tmp_path / "study"))
    Head(study, REPORT).ends_well()
    jobs = cluster.jobs()
    assert {job["state"] for job in jobs} == {"COMPLETED"}
    assert sorted(job["rule"] for job in jobs) == sorted(
        [
            "rule_synthetic_corpus_wildcards_demo",
            "rule_index_clips_dataset_folds",
            *["rule_features_features"] * 3,
            *["rule_networks_deep_features_network"] * 2,
            ESTIMATED,
            EVALUATED,
        ]
    )
    for job in jobs:
        on_gpu = job["rule"].startswith("rule_networks")
        assert job["partition"] == ("gpu" if on_gpu else "cpu")
        assert ("gpu" in cluster.ask("scontrol", "show", "job", job["id"])) == on_gpu
    assert most_at_once(jobs) > 1, "the head had one core"
    fused = {path for path in tables(finished.folder) if "fused" in path}
    assert tables(study.folder) == {
        path: content for path, content in tables(finished.folder).items() if path not in fused
    }
    assert (study / REPORT).exists()


def test_a_cancelled_job_is_submitted_again(finished, cluster, study):
    head = Head(study, ANSWERS)
    cluster.ask("scancel", wait_for_a_job(cluster))
    head.ends_well()
    first, second = cluster.jobs()
    assert first["rule"] == second["rule"]
    assert [first["state"], second["state"]] == ["CANCELLED", "COMPLETED"]
    megabytes = [int(job["memory"].removesuffix("M")) for job in (first, second)]
    assert megabytes[1] == 2 * megabytes[0]
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
    head.process.send_signal(signal.SIGKILL)
    head.process.wait()
    study.snakemake(*PROFILE, "--unlock")
    refused = study.snakemake(*PROFILE, METRICS, check=False)
    assert refused.returncode == 1
    assert f"in the queue: {job}." in refused.stdout
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


def test_an_edit_submits_only_what_it_invalidates(finished, cluster, submit, tmp_path):
    study, local = submit(finished.copy(tmp_path / "a")), finished.copy(tmp_path / "b")
    for copy in (study, local):
        copy.set("models.fusion_conv1d_mlp.epochs", 3)
    profile = study / "profiles/slurm-gpu/config.yaml"
    profile.write_text(profile.read_text().replace("    gpu: 1 ", '    gres: "gpu:1" '))
    local.snakemake(REPORT)
    Head(study, REPORT).ends_well()
    assert rules(cluster) == [*["rule_networks_network"] * 2, EVALUATED]
    for job in cluster.jobs()[:2]:
        assert "gres:gpu" in cluster.ask("scontrol", "show", "job", job["id"])
    assert tables(study.folder) == tables(local.folder)


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
    wait_until(lambda: state() in ENDED, "the head does not end", 600)
    log = (study / "head.log").read_text()
    assert state() == "COMPLETED", log
    assert "Waiting for what job" in log
    assert tables(study.folder) == tables(finished.folder)
    assert study.would_run(ANSWERS) == {}
