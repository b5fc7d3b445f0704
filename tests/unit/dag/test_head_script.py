"""`head.sbatch` between a Slurm and a Snakemake that only write down how they are called."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from controller import wait_until, write_command
from studies import ROOT

JOB = "7"
COMMANDS = {
    "squeue": 'case "$*" in *--job*) cat queued ;; *) cat left ;; esac 2> /dev/null || true',
    "scontrol": 'echo "scontrol $*" >> calls',
    "sleep": "touch waits; exec /bin/sleep 0.1",
}
SNAKEMAKE = 'echo "snakemake $*" >> calls; [ "$3" != fails ] || exit 3'


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder, by way of a link, with what the script calls."""
    folder = tmp_path / "scratch/study"
    for name, body in COMMANDS.items():
        write_command(tmp_path / "bin" / name, body)
    write_command(folder / ".venv/bin/snakemake", SNAKEMAKE)
    (folder / ".snakemake").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "scratch")
    return tmp_path / "home/study"


def start(checkout: Path, *arguments: str) -> subprocess.Popen:
    commands = checkout.parents[1] / "bin"
    return subprocess.Popen(
        ["bash", ROOT / "profiles/slurm-gpu/head.sbatch", *arguments],
        cwd=checkout,
        env={
            "PATH": f"{commands}:{os.environ['PATH']}",
            "PWD": str(checkout),
            "SLURM_JOB_ID": JOB,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def note(checkout: Path) -> Path:
    return checkout / ".snakemake/head"


def calls(checkout: Path) -> list[str]:
    path = checkout / "calls"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(("target", "status"), [("results/report.html", 0), ("fails", 3)])
def test_it_runs_the_study_and_ends_as_that_does(checkout, target, status):
    assert start(checkout, target).wait(20) == status
    assert calls(checkout) == [f"snakemake --profile slurm-gpu {target}"]
    assert not note(checkout).exists()


def test_a_second_one_is_not_needed(checkout):
    note(checkout).write_text("5\n")
    (checkout / "queued").write_text("5 serfusion-head\n")
    head = start(checkout)
    assert head.wait(20) == 1
    assert "The head of this folder is job 5" in head.stdout.read()
    assert calls(checkout) == []


def test_it_unlocks_only_what_it_has_locked_itself(checkout):
    note(checkout).write_text("5\n")
    assert start(checkout).wait(20) == 0
    assert calls(checkout) == ["snakemake --profile slurm-gpu"]
    note(checkout).write_text(f"{JOB}\n")
    assert start(checkout).wait(20) == 0
    assert calls(checkout)[1:] == [
        "snakemake --profile slurm-gpu --unlock",
        "snakemake --profile slurm-gpu",
    ]


def waiting(checkout: Path, folder: Path) -> subprocess.Popen:
    """Start a head that is queued again and finds a job of `folder` in the queue."""
    note(checkout).write_text(f"{JOB}\n")
    (checkout / "left").write_text(f"{folder}|rule_network_wildcards_a_1\n")
    return start(checkout)


def test_it_waits_for_the_jobs_of_this_folder_and_goes_on(checkout):
    head = waiting(checkout, checkout.resolve())
    wait_until((checkout / "waits").exists, "it does not wait")
    (checkout / "left").write_text(
        f"{checkout.resolve()}/other|rule_a\n{checkout.resolve()}|mine\n"
    )
    assert head.wait(20) == 0
    assert calls(checkout)[-1] == "snakemake --profile slurm-gpu"


def test_it_is_queued_again_when_its_time_is_up_while_it_waits(checkout):
    head = waiting(checkout, checkout.resolve())
    wait_until((checkout / "waits").exists, "it does not wait")
    head.send_signal(signal.SIGUSR1)
    assert head.wait(20) == 0
    assert calls(checkout) == ["snakemake --profile slurm-gpu --unlock", f"scontrol requeue {JOB}"]
    assert note(checkout).read_text() == f"{JOB}\n"


def test_it_waits_while_the_queue_does_not_answer(checkout):
    write_command(checkout.parents[1] / "bin/squeue", "exit 1")
    head = waiting(checkout, checkout)
    wait_until((checkout / "waits").exists, "it does not wait")
    write_command(checkout.parents[1] / "bin/squeue", ":")
    assert head.wait(20) == 0
    assert calls(checkout)[-1] == "snakemake --profile slurm-gpu"
