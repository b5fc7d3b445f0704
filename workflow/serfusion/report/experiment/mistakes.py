"""The most confident mistakes of an experiment's best model, with what was heard."""

import pandas as pd

from serfusion.clips.audio import Segment
from serfusion.evaluation.mistakes import wrong_answers
from serfusion.evaluation.ranking import ranked_by_validation
from serfusion.fitting.predictions import emotions
from serfusion.report.experiment.portrait import portrait

DESCRIPTION = ("clip", "corpus", "actor", "gender", "sentence", "intensity")


def collect(
    predictions: pd.DataFrame,
    metrics: pd.DataFrame,
    dataset: pd.DataFrame,
    *,
    models: list[str],
    count: int,
    embedded: dict[str, bool],
) -> dict:
    """Return the most confident mistakes of the model with the highest validation accuracy.

    Parameters
    ----------
    predictions, metrics : DataFrame
        As `predictions.parquet` and `metrics.csv` have them.
    dataset : DataFrame
        The dataset's clip table.
    models : list of str
        The models to choose from.
    count : int
        The largest number of mistakes.
    embedded : dict
        Corpus to whether a page may contain the audio of its clips.

    Returns
    -------
    dict
        `model`; `tested` and `wrong`, its numbers of test clips and of mistakes; `clips`, the most
        probable mistake first: `clip`, `corpus`, `actor`, `gender`, `sentence`, `intensity` (None
        if unknown), `emotion`, `predicted`, `probability` of the latter, `probabilities` of all
        emotions, and what `portrait` returns.

    Raises
    ------
    Refusal
        If an audio file is gone.
    """
    model = ranked_by_validation(metrics, models).index[0]
    wrong = wrong_answers(predictions, model)
    clips = dataset.set_index("clip", drop=False)
    mistakes = []
    for row in wrong.head(count).to_dict("records"):
        clip = clips.loc[row["clip"]]
        description = {key: clip[key] if pd.notna(clip[key]) else None for key in DESCRIPTION}
        prediction = {
            "emotion": row["emotion"],
            "predicted": row["predicted"],
            "probability": row["probability"],
            "probabilities": {name: row[f"p_{name}"] for name in emotions(predictions)},
        }
        picture = portrait(clip["path"], Segment.of(clip), embed=embedded[clip["corpus"]])
        mistakes.append(description | prediction | picture)
    tested = int((predictions["model"] == model).sum())
    return {"model": model, "tested": tested, "wrong": len(wrong), "clips": mistakes}
