"""How long it takes to see what a run of all of config.yaml would do.

Prints the CPU seconds of `snakemake -n` and, as a baseline in the same run, of
`snakemake --version`.
"""

import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from subprocess import DEVNULL, run

RUNS = 3
SNAKEMAKE = Path(sys.executable).with_name("snakemake")


def cpu_seconds(*arguments: str) -> float:
    """Return the CPU time of one Snakemake in the working directory."""
    began = getrusage(RUSAGE_CHILDREN)
    run([SNAKEMAKE, *arguments], check=True, stdout=DEVNULL, stderr=DEVNULL)
    ended = getrusage(RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def main() -> None:
    """Time both in turn, so that a busy machine slows both."""
    pairs = [(cpu_seconds("--version"), cpu_seconds("-n")) for _ in range(RUNS)]
    baseline, dry_run = (median(column) for column in zip(*pairs, strict=True))
    print(f"snakemake --version  {baseline:.2f} CPU-s")
    print(f"snakemake -n         {dry_run:.2f} CPU-s, {dry_run / baseline:.1f} times the baseline")


if __name__ == "__main__":
    main()
