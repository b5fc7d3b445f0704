"""What the report says of each emotion, and of which models can be told apart."""

import pandas as pd

from serfusion.evaluation.by_class import CLASS_METRICS
from serfusion.report.comparison.page import LEVEL, p_words
from serfusion.report.experiment import content
from serfusion.report.experiment import statistics_figures as figures
from serfusion.report.experiment.content import Experiment

NAMED = 3
"""How many models are named before the rest is a number."""


def values(experiment: Experiment) -> dict:
    """Return what `statistics.html` is filled with.

    Returns
    -------
    dict
        `best`, the most accurate model; `classes`, a row of `classes.csv` per emotion, by model,
        the most accurate first; `people`, by emotion, the share that listeners recognised, where
        there are votes, and `heard`, the corpus they heard if there are others; `pairs`, the rows
        of `pairs.csv`; `verdict`, a sentence; and the figures `recall` and `matrix`, the latter
        None where there is nothing to compare.
    """
    pairs = experiment.statistics["pairs"]
    ranked = ranking(experiment)
    by_model = dict(tuple(experiment.statistics["classes"].groupby("model")))
    classes = {model: by_model[model] for model in ranked}
    recognised = people(experiment.statistics["floors"])
    return {
        "best": ranked[0],
        "classes": {model: table.to_dict("records") for model, table in classes.items()},
        "metrics": CLASS_METRICS,
        "people": recognised,
        "heard": heard(experiment),
        "pairs": pairs.to_dict("records"),
        "p_words": p_words,
        "level": LEVEL,
        "verdict": verdict(pairs, ranked),
        "recall": figures.recalls(pd.concat(classes.values()), ranked[0], recognised).to_dict(),
        "matrix": figures.pair_matrix(pairs, ranked, LEVEL).to_dict() if len(pairs) else None,
    }


def ranking(experiment: Experiment) -> list[str]:
    """Return the models that are compared, the most accurate first."""
    summary = experiment.summary.set_index("model").loc[content.compared(experiment)]
    return summary["accuracy"].sort_values(ascending=False, kind="stable").index.tolist()


def people(floors: pd.DataFrame) -> dict[str, float]:
    """Return by emotion the share of clips that listeners' votes recognised (0 to 1), if known."""
    rows = _voted(floors).dropna(subset="emotion")
    return dict(zip(rows["emotion"], rows["accuracy"], strict=True))


def heard(experiment: Experiment) -> str | None:
    """Return the title of the corpus that the listeners heard, None if there is no other."""
    if len(content.present(experiment)) == 1:
        return None
    rows = _voted(experiment.statistics["floors"])
    return content.titles(experiment)[rows["corpus"].iloc[0]] if len(rows) else None


def _voted(floors: pd.DataFrame) -> pd.DataFrame:
    return floors[floors["floor"] == "people, by vote"]


def verdict(pairs: pd.DataFrame, ranked: list[str]) -> str:
    """Return one plain sentence or two on which models can be told apart.

    Parameters
    ----------
    pairs : DataFrame
        As `pairs.csv` has it.
    ranked : list of str
        The models, the most accurate first.
    """
    if pairs.empty:
        return "There is one model, and so nothing to tell apart."
    count, actors = len(pairs), pairs["actors"].iloc[0]
    # If every actor is better under one of two models, the signed-rank test's p is 2 / 2**actors.
    if count * 2.0 ** (1 - actors) >= LEVEL:
        return (
            f"With {_number(actors, 'actor')} and {_number(count, 'pair')} of models no difference "
            f"could be shown, however large: the corrected p cannot be below {LEVEL}."
        )
    apart = pairs[pairs["p_holm"] < LEVEL]
    best, *others = ranked
    said = f"{len(apart)} of {_number(count, 'pair')} of models can be told apart."
    beaten = {
        row.other if row.model == best else row.model
        for row in apart.itertuples()
        if best in (row.model, row.other)
    }
    equals = [model for model in others if model not in beaten]
    if not equals:
        return f"{said} {best}, the most accurate, is better than every other."
    if not beaten:
        return f"{said} That {best}, the most accurate, is better than any other was not shown."
    return (
        f"{said} {best}, the most accurate, is better than {len(beaten)} of the {len(others)} "
        f"others; of {_names(equals)} that was not shown."
    )


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _names(models: list[str]) -> str:
    named, more = models[:NAMED], len(models) - NAMED
    if more > 0:
        return f"{', '.join(named)} and {more} more"
    return content.listed(named)
