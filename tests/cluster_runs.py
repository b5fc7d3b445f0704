"""Runs of the study on a cluster: their head, and what Slurm says of their jobs."""

import os
import subprocess
import time

from controller import wait_until

PROFILE = ("--profile", "slurm-gpu")
REPORT = "results/small/report.html"
FOLD = "results/small/logistic_regression/fold_1"
ANSWERS = f"{FOLD}/answers.parquet"
METRICS = "results/small/metrics.csv"
ESTIMATED = "rule_estimators_estimator_estimator_search"
EVALUATED = "rule_report_breakdown_evaluation_mistakes_report_statistics"
EVALUATION = "rule_report_evaluation"
ENDED_BADLY = {"CANCELLED", "FAILED", "OUT_OF_MEMORY", "TIMEOUT", "NODE_FAIL"}


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


def rules(cluster) -> list[str]:
    return [job["rule"] for job in cluster.jobs()]


def running(cluster) -> list[str]:
    return [job["id"] for job in cluster.jobs("running")]


def wait_for_a_job(cluster) -> str:
    """Return the ID of the first job that is seen to run, once it is at work."""
    wait_until(lambda: running(cluster), "no job runs")
    time.sleep(2)
    return running(cluster)[0]
