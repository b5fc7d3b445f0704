"""The wrong answers that the best model was surest of, with what was heard."""

import pandas as pd

from serfusion.evaluation.mistakes import wrong_answers
from serfusion.evaluation.ranking import ranked_by_validation
from serfusion.fitting.predictions import emotions
from serfusion.report.experiment.portrait import portrait

DESCRIBED = ("clip", "corpus", "actor", "gender", "sentence", "intensity")


def collect(
    predictions: pd.DataFrame,
    metrics: pd.DataFrame,
    dataset: pd.DataFrame,
    *,
    models: list[str],
    count: int,
    embedded: dict[str, bool],
) -> dict:
    """Return the most confident mistakes of the model that is best by validation accuracy.

    Parameters
    ----------
    predictions, metrics : DataFrame
        As `predictions.parquet` and `metrics.csv` have them.
    dataset : DataFrame
        The dataset's clip table.
    models : list of str
        Those to choose from.
    count : int
        How many, at most.
    embedded : dict
        Corpus to whether a page may let a reader listen to its clips.

    Returns
    -------
    dict
        `model`; `tested` and `wrong`, its numbers of test clips; `clips`, the most probable wrong
        answer first: `clip`, `corpus`, `actor`, `gender`, `sentence`, `intensity` (None where not
        known), `emotion`, `predicted`, `probability` of that, `probabilities` of all emotions, and
        what `portrait` returns.

    Raises
    ------
    Refusal
        If the audio of one has gone.
    """
    model = ranked_by_validation(metrics, models).index[0]
    wrong = wrong_answers(predictions, model)
    clips = dataset.set_index("clip", drop=False)
    shown = []
    for row in wrong.head(count).to_dict("records"):
        clip = clips.loc[row["clip"]]
        known = {key: clip[key] if pd.notna(clip[key]) else None for key in DESCRIBED}
        answer = {
            "emotion": row["emotion"],
            "predicted": row["predicted"],
            "probability": row["probability"],
            "probabilities": {name: row[f"p_{name}"] for name in emotions(predictions)},
        }
        shown.append(known | answer | portrait(clip["path"], embed=embedded[clip["corpus"]]))
    tested = int((predictions["model"] == model).sum())
    return {"model": model, "tested": tested, "wrong": len(wrong), "clips": shown}
