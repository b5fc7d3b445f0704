"""All that leans on Snakemake's insides, which may move with its minor version.

Snakemake has no public way to ask which jobs a run is about to start, which files it was asked for,
or to record a job before it has run. `pyproject.toml` pins the minor version on which this was
tested, and `tests/unit/dag/test_internals.py` says what a newer one has moved.
"""

from collections.abc import Iterable
from pathlib import Path

VERSION = "9.27"
"""The minor version of Snakemake whose insides these are."""


def config_files(workflow) -> list[Path]:
    """Return the configuration files, each followed by those that are read on top of it."""
    return [Path(file) for file in reversed(workflow.configfiles)]


def is_main_process(workflow) -> bool:
    """Return whether this is the Snakemake that the user started, not that of a job."""
    return workflow.is_main_process


def due_jobs(workflow) -> list:
    """Return the jobs that this run is about to start."""
    return list(workflow.dag.needrun_jobs())


def asked_files(workflow) -> set[str]:
    """Return the files that this run was asked for by name; inside a job, the job's own."""
    return set(workflow.dag.targetfiles)


def asked_rules(workflow) -> set[str]:
    """Return the names of the rules that this run was asked for."""
    return {rule.name for rule in workflow.dag.targetrules}


def record_in_advance(workflow, jobs: Iterable) -> None:
    """Record what jobs are about to be made from, and mark their outputs as incomplete.

    Snakemake takes a target for finished although a killed job has left a gap behind it: whatever
    is marked is made by the next run, if not by this one. A job on a cluster outlives its head: it
    removes the marks but leaves the record to the head, so that edits after the head was killed
    would go unnoticed. Checksums of inputs are left out, for this run may yet make those inputs.
    """
    records = workflow.persistence
    limit, records.max_checksum_file_size = records.max_checksum_file_size, 0
    for job in jobs:
        workflow.async_run(records.finished(job))
        records.started(job)
    records.max_checksum_file_size = limit


def runs_locally(workflow) -> bool:
    """Return whether this run starts its jobs on this machine, not on a cluster."""
    return workflow.local_exec
