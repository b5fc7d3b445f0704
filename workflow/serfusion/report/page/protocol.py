"""What every page says of the clips and the folds of an experiment."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from serfusion.report.page.wording import counted
from serfusion.study.entries import Corpus, Experiment

WHOLE_FROM = 0.99
"""The share of a corpus's clips from which on it counts as whole: copies differ in a few clips."""


@dataclass(frozen=True)
class Protocol:
    """The clips and the folds that an experiment was run on.

    Attributes
    ----------
    experiment : Experiment
    usable_clips : dict
        Corpus to its number of usable clips, of every emotion.
    audit : dict
        As `audit.json` has it.
    """

    experiment: Experiment
    usable_clips: dict[str, int]
    audit: dict


@dataclass(frozen=True)
class Caveats:
    """Why figures may not hold for a whole dataset of human speech.

    Attributes
    ----------
    synthetic : list of str
        Titles of the corpora that are not human speech.
    missing : list of str
        Titles of the corpora that belong to the dataset and were not available.
    incomplete : list of str
        Such as `700 of 1,439 clips of RAVDESS`.
    """

    synthetic: list[str]
    missing: list[str]
    incomplete: list[str]


def count_clips(paths: Iterable[str]) -> dict[str, int]:
    """Return the number of rows of each corpus's `clips.parquet`, by corpus."""
    return {Path(path).parent.name: pq.read_metadata(path).num_rows for path in paths}


def caveats(*protocols: Protocol) -> Caveats:
    """Return the caveats of one experiment, or of several together."""
    corpora = [(protocol, each) for protocol in protocols for each in protocol.experiment.corpora]
    missing = [each for protocol in protocols for each in protocol.experiment.dataset.missing]
    return Caveats(
        synthetic=_unique(corpus.title for _, corpus in corpora if corpus.is_synthetic),
        missing=_unique(corpus.title for corpus in missing),
        incomplete=_unique(
            f"{protocol.usable_clips[corpus.name]:,} of {corpus.facts.clips:,} clips of "
            f"{corpus.title}"
            for protocol, corpus in corpora
            if _is_incomplete(corpus, protocol.usable_clips[corpus.name])
        ),
    )


def _is_incomplete(corpus: Corpus, usable_clips: int) -> bool:
    whole = corpus.facts.clips
    return bool(whole) and usable_clips < WHOLE_FROM * whole and not corpus.is_synthetic


def _unique(titles: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(titles))


def folds_in_words(experiment: Experiment) -> str:
    """Return how many folds an experiment has and how they are drawn."""
    folds, count = experiment.folds, counted(experiment.fold_count, "fold")
    unit = folds["by"]
    units = "corpora" if unit == "corpus" else f"{unit}s"
    if unit == "clip":
        return (
            f"{count} of random clips, stratified by emotion; "
            "speakers are in both training and test"
        )
    if "leave_one_out" in folds:
        return f"{count}, leaving one {unit} out in each"
    if "stratified" in folds:
        return (
            f"{count} of {units}, stratified by corpus, gender and emotion; "
            f"each {unit} is tested once"
        )
    if "count" in folds:
        return f"{count} of consecutive {units}; each {unit} is tested once"
    return f"{count}, testing the listed {units} and training on the rest"
