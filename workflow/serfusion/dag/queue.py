"""Jobs on a cluster that outlive the head that submitted them."""

import shutil
import subprocess
from pathlib import Path

from serfusion.errors import Refusal


def refuse_while_queued(folder: Path, *, local: bool) -> None:
    """Refuse to start while jobs of an earlier run from `folder` are in the queue.

    Parameters
    ----------
    folder : Path
        The study's.
    local : bool
        Whether this run starts its jobs on this machine, where it does not matter that the queue
        does not answer.

    Raises
    ------
    Refusal
    """
    jobs = queued_jobs(folder)
    if jobs is None and not local:
        raise Refusal("`squeue` does not answer: start again when it does.")
    if jobs:
        raise Refusal(
            f"Jobs of an earlier run from this folder are in the queue: {' '.join(jobs)}. If its "
            "head was killed, wait for them or `scancel` them, and start again."
        )


def queued_jobs(folder: Path) -> list[str] | None:
    """Return the IDs of the jobs in Slurm's queue that a head submitted from `folder`.

    Empty where there is no Slurm, None where it does not answer.
    """
    if shutil.which("squeue") is None:
        return []
    command = ["squeue", "--me", "--noheader", "--format=%i|%k|%Z"]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        return None
    jobs = [line.split("|", 2) for line in answer.stdout.splitlines()]
    return [
        job
        for job, comment, job_folder in jobs
        if comment.startswith("rule_") and Path(job_folder) == folder
    ]
