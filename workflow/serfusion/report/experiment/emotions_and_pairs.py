"""How well each emotion is recognised, and which models differ significantly."""

import pandas as pd

from serfusion.evaluation.by_class import CLASS_METRICS
from serfusion.report.experiment.emotions_and_pairs_figures import pair_matrix, recalls
from serfusion.report.experiment.results import Results
from serfusion.report.page.significance import LEVEL, smallest_p
from serfusion.report.page.wording import counted, listed

NAMED = 3
"""How many models are named before the others are only counted."""


def section(results: Results) -> dict:
    """Return what `emotions_and_pairs.html` is filled with.

    Returns
    -------
    dict
        `best`, the most accurate model; `classes`, by model, the most accurate first, its rows of
        `classes.csv`; `metrics`, the columns of it that are shown; `people`, by emotion, the share
        of clips that listeners recognised (0 to 1), if there are votes; `heard`, the title of the
        corpus that they heard if there are others; `pairs`, the rows of `pairs.csv`; `verdict`, in
        words; and the figures `recall` and `matrix`, the latter None if there is a single model.
    """
    pairs, models = results.pairs, ranked(results)
    by_model = dict(tuple(results.classes.groupby("model")))
    classes = {model: by_model[model] for model in models}
    recognised = people(results.floors)
    return {
        "best": models[0],
        "classes": {model: table.to_dict("records") for model, table in classes.items()},
        "metrics": CLASS_METRICS,
        "people": recognised,
        "heard": heard_corpus(results),
        "pairs": pairs.to_dict("records"),
        "verdict": verdict(pairs, models),
        "recall": recalls(pd.concat(classes.values()), models[0], recognised).to_dict(),
        "matrix": pair_matrix(pairs, models).to_dict() if len(pairs) else None,
    }


def ranked(results: Results) -> list[str]:
    """Return the compared models, the highest test accuracy first."""
    summary = results.summary.set_index("model").loc[results.compared]
    return summary["accuracy"].sort_values(ascending=False, kind="stable").index.tolist()


def people(floors: pd.DataFrame) -> dict[str, float]:
    """Return by emotion the share of clips that listeners' votes recognised (0 to 1), if known."""
    rows = _votes(floors).dropna(subset="emotion")
    return dict(zip(rows["emotion"], rows["accuracy"], strict=True))


def heard_corpus(results: Results) -> str | None:
    """Return the title of the corpus that listeners heard; None if they heard all clips, or none.

    Only CREMA-D has listeners' votes.
    """
    rows = _votes(results.floors)
    if len(results.experiment.corpora) == 1 or rows.empty:
        return None
    return results.study.corpora[rows["corpus"].iloc[0]].title


def _votes(floors: pd.DataFrame) -> pd.DataFrame:
    return floors[floors["floor"] == "people, by vote"]


def verdict(pairs: pd.DataFrame, models: list[str]) -> str:
    """Return in one or two sentences which models differ significantly.

    Parameters
    ----------
    pairs : DataFrame
        As `pairs.csv` has it.
    models : list of str
        The most accurate first.
    """
    if pairs.empty:
        return "There is only one model, so there is no pair to compare."
    count, actors = len(pairs), pairs["actors"].iloc[0]
    if smallest_p(actors, count) >= LEVEL:
        return (
            f"With {counted(actors, 'actor')} and {counted(count, 'pair')} of models, no "
            f"difference can be significant, however large: the corrected p cannot fall below "
            f"{LEVEL}."
        )
    significant = pairs[pairs["p_holm"] < LEVEL]
    differ = "differs" if len(significant) == 1 else "differ"
    total = f"{len(significant)} of {counted(count, 'pair')} of models {differ} significantly"
    return f"{total} in accuracy. {_best_verdict(significant, models)}"


def _best_verdict(significant: pd.DataFrame, models: list[str]) -> str:
    best, *others = models
    worse = {
        pair.other if pair.model == best else pair.model
        for pair in significant.itertuples()
        if best in (pair.model, pair.other)
    }
    equal = [model for model in others if model not in worse]
    start = f"The most accurate model, {best}, is"
    if not equal:
        return f"{start} significantly better than every other."
    if not worse:
        return f"{start} not significantly better than any other."
    differences = "the difference from" if len(equal) == 1 else "the differences from"
    are = "is" if len(equal) == 1 else "are"
    return (
        f"{start} significantly better than {len(worse)} of the {len(others)} others; "
        f"{differences} {names(equal)} {are} not significant."
    )


def names(models: list[str]) -> str:
    """Return the names of models as a list, which is cut short after `NAMED`."""
    more = len(models) - NAMED
    if more > 0:
        return f"{', '.join(models[:NAMED])} and {more} more"
    return listed(models)
