"""A model's predictions of a few test clips, drawn at random."""

from serfusion.report.experiment.results import Results
from serfusion.seeds import seed_for

COUNT = 12


def section(results: Results) -> dict:
    """Return what `samples.html` is filled with: `model` and `rows`.

    The model is the one that a reported figure belongs to, or else the first. The clips are drawn
    by the study's seed and their names, so that they stay the same whatever else changes. A row is
    one of `predictions.parquet` with `probability`, that of the predicted emotion.
    """
    reported = results.experiment.reported or {}
    model = reported.get("model") or results.compared[0]
    predictions = results.predictions[results.predictions["model"] == model]
    draws = predictions["clip"].map(lambda clip: seed_for(results.study.seed, "sample", clip))
    drawn = predictions.loc[draws.sort_values().index[:COUNT]].sort_values("clip")
    rows = [row | {"probability": row[f"p_{row['predicted']}"]} for row in drawn.to_dict("records")]
    return {"model": model, "rows": rows}
