"""Who was trained on, validated on and tested on in each fold."""

from itertools import groupby

from natsort import natsorted

from serfusion.report.experiment.results import Results


def section(results: Results) -> dict:
    """Return what `audit.html` is filled with: `rows`, one per fold.

    A row has `fold`; the actors of `test` and of `validation`, in words; `clips`, by role; and the
    numbers `test_actors`, shared between test and another role, `validation_actors`, shared
    between training and validation, `recordings`, shared between any two roles, and `sentences`,
    shared between training and test.
    """
    return {"rows": [_row(results, fold) for fold in results.audit["folds"]]}


def _row(results: Results, fold: dict) -> dict:
    common, actors = fold["in_common"], fold["actors"]

    def in_words(role: str) -> str:
        if results.audit[f"optimistic_{role}"]:
            return f"clips of {len(actors[role])} actors"
        return actor_ranges(results, actors[role])

    return {
        "fold": fold["fold"],
        "test": in_words("test"),
        "validation": in_words("validation"),
        "clips": fold["clips"],
        "test_actors": len(common["train and test"]["actor"])
        + len(common["validation and test"]["actor"]),
        "validation_actors": len(common["train and validation"]["actor"]),
        "recordings": sum(len(shared["sha256"]) for shared in common.values()),
        "sentences": len(common["train and test"]["sentence"]),
    }


def actor_ranges(results: Results, actors: list[str]) -> str:
    """Return actors such as `ravdess/01` by corpus, three or more in a row as a range."""
    everyone = natsorted(results.dataset["actor"].unique())
    places = sorted(everyone.index(actor) for actor in actors)
    parts = []
    for corpus in results.experiment.corpora:
        of_corpus = [at for at in places if everyone[at].partition("/")[0] == corpus.name]
        # Consecutive places have the same difference from their positions in the list.
        runs = groupby(enumerate(of_corpus), key=lambda entry: entry[1] - entry[0])
        ranges = [_range([everyone[at].partition("/")[2] for _, at in run]) for _, run in runs]
        if ranges:
            parts.append(f"{corpus.name} {', '.join(ranges)}")
    return "; ".join(parts)


def _range(names: list[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"{names[0]}–{names[-1]}"
