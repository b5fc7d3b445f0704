"""How a job ends that cannot go on."""

import logging
import subprocess
import sys
from pathlib import Path

from serfusion.dag import dependencies

JOB = """
from serfusion import logs
from serfusion.errors import Refusal
logs.start("job.log")
{}
"""


def job(folder: Path, line: str) -> subprocess.CompletedProcess:
    environment = {"PYTHONPATH": str(dependencies.LIBRARY), "PATH": ""}
    return subprocess.run(
        [sys.executable, "-c", JOB.format(line)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_refusal_ends_a_job_with_its_sentence_alone(tmp_path):
    ended = job(tmp_path, "raise Refusal('The folder is empty.')")
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("Refused: The folder is empty.")
    assert "Traceback" not in ended.stderr
    assert "Refused: The folder is empty." in (tmp_path / "job.log").read_text()


def test_any_other_error_ends_it_with_its_traceback_in_the_log(tmp_path):
    ended = job(tmp_path, "1 / 0")
    assert ended.returncode == 1
    assert "ZeroDivisionError" in (tmp_path / "job.log").read_text()
    assert logging.getLogger("serfusion").handlers == []
