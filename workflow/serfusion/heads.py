"""What the head of a run that was killed has left behind.

A job on a cluster outlives the head that submitted it. It finishes its files, but only a head
records what they were made from, and without a record Snakemake would not notice later edits. So a
head notes at its start what it is going to make, and the next one records what was finished
meanwhile.
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from serfusion.digests import digest

NOTES = Path(".snakemake/due.json")

file_digest = cache(digest)


def identity(params: Mapping[str, object], code: Iterable[str]) -> str:
    """Return what tells a job from the same job after an edit: a digest of its params and its code.

    Parameters
    ----------
    params : mapping
        The job's params by name.
    code : iterable of str
        The files of its script and of the modules that it imports.
    """
    digests = [file_digest(file, "sha256") for file in code]
    described = json.dumps([dict(params), digests], sort_keys=True, default=str)
    return hashlib.sha256(described.encode()).hexdigest()


def read_notes() -> dict[str, str]:
    """Return by file the identity of the job that an earlier head was going to make it with."""
    return json.loads(NOTES.read_text()) if NOTES.exists() else {}


def write_notes(notes: Mapping[str, str]) -> None:
    """Keep `notes` for the next head."""
    new = NOTES.with_suffix(".new")
    new.write_text(json.dumps(notes))
    new.replace(NOTES)


def queued_jobs(folder: Path) -> list[str]:
    """Return the IDs of the jobs in Slurm's queue that some head submitted from `folder`.

    Empty where there is no Slurm, or none that answers.
    """
    if shutil.which("squeue") is None:
        return []
    queue = ["squeue", "--me", "--noheader", "--format=%i|%k|%Z"]
    answer = subprocess.run(queue, capture_output=True, text=True)
    if answer.returncode:
        return []
    jobs = [line.split("|", 2) for line in answer.stdout.splitlines()]
    return [job for job, comment, at in jobs if comment.startswith("rule_") and Path(at) == folder]
