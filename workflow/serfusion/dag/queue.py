"""The head of a run that was killed, and the jobs on a cluster that outlive it."""

import shutil
import subprocess
from pathlib import Path


def queued_jobs(folder: Path) -> list[str] | None:
    """Return the IDs of the jobs in Slurm's queue that some head submitted from `folder`.

    Empty where there is no Slurm, None where it does not answer.
    """
    if shutil.which("squeue") is None:
        return []
    queue = ["squeue", "--me", "--noheader", "--format=%i|%k|%Z"]
    answer = subprocess.run(queue, capture_output=True, text=True)
    if answer.returncode:
        return None
    jobs = [line.split("|", 2) for line in answer.stdout.splitlines()]
    return [job for job, comment, at in jobs if comment.startswith("rule_") and Path(at) == folder]
