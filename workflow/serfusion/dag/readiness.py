"""What stands already, what this run makes, and what it could draw before it starts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

KINDS = ("summaries", "metrics", "adapted", "audits", "records", "clips", "pages")
"""What the summary reads of an experiment; of a comparison it needs the page alone."""

Inputs = Mapping[str, Mapping[str, list[str]]]
"""Experiment or comparison to the files that the summary reads of it, by kind."""


def sorted_out(files: Inputs, asked: Collection[str]) -> tuple[dict, dict]:
    """Return the summary's input files by kind: those to wait for, and those that stand.

    Parameters
    ----------
    files : mapping
        Name of an experiment or comparison to its files by kind; those under `pages` are reports.
    asked : collection of str
        The files that this run was asked for. An experiment whose page is among them is waited for.

    Returns
    -------
    awaited, finished : dict of str to list of str
        Each with every one of `KINDS`. A file that is awaited is not among the finished ones; of an
        experiment that lacks any file, none is.
    """
    awaited, finished = defaultdict(dict), defaultdict(dict)
    for kinds in files.values():
        if set(kinds["pages"]) & set(asked):
            _add(awaited, kinds)
        if all(Path(file).exists() for paths in kinds.values() for file in paths):
            _add(finished, kinds)
    return (
        {kind: list(awaited[kind]) for kind in KINDS},
        {kind: [file for file in finished[kind] if file not in awaited[kind]] for kind in KINDS},
    )


def _add(chosen: dict[str, dict], kinds: Mapping[str, list[str]]) -> None:
    for kind, paths in kinds.items():
        chosen[kind] |= dict.fromkeys(paths)


def ready_to_draw(jobs: Iterable) -> Iterator[tuple[dict, str]]:
    """Yield the params and the dataset of each job of rule `folds` whose dataset stands already."""
    jobs = list(jobs)
    being_made = {str(file) for job in jobs for file in job.output}
    for job in jobs:
        if job.rule.name == "folds" and job.input.dataset not in being_made:
            yield dict(job.params.items()), job.input.dataset
