"""The accuracy of every model, beside floors, people and what was reported."""

from serfusion.report.experiment.cautions import FEW_ACTORS
from serfusion.report.experiment.reference_points import reference_points
from serfusion.report.experiment.results import Results
from serfusion.report.experiment.scores_figures import model_scores
from serfusion.report.page.models import costs, validation_accuracies
from serfusion.study.entries import Model
from serfusion.study.initial_weights import IMAGENET


def section(results: Results) -> dict:
    """Return what `scores.html` is filled with.

    Returns
    -------
    dict
        `rows`, those of `summary.csv` of the compared models, each with `composition`,
        `initial_weights`, `validation` and `cost`; `reference_points`; `few_actors`, the number of
        test actors if it makes the intervals uncertain, else 0; `devices`, all that were trained
        on; and the `figure`.
    """
    models = {model.name: model for model in results.experiment.compared}
    summary = results.summary[results.summary["model"].isin(models)]
    validation = validation_accuracies(results.metrics)
    cost = costs(models.values(), results.records)
    points = reference_points(results)
    lines = {point["name"]: point["accuracy"] for point in points if point["line"]}
    rows = [
        row
        | {
            "composition": models[row["model"]].composition,
            "initial_weights": initial_weights(models[row["model"]], results),
            "validation": validation[row["model"]],
            "cost": cost[row["model"]],
        }
        for row in summary.to_dict("records")
    ]
    return {
        "rows": rows,
        "reference_points": points,
        "lines": list(lines),
        "few_actors": results.test_actors if results.test_actors < FEW_ACTORS else 0,
        "devices": sorted(results.records["device"].unique()),
        "figure": model_scores(summary, lines).to_dict(),
    }


def initial_weights(model: Model, results: Results) -> str | None:
    """Return what a network's training started from; None if it can only start from scratch."""
    if not model.initial_weights:
        return None
    weights = model.initial_weights["weights"]
    if weights is None:
        return "from scratch, without ImageNet weights"
    records = results.records
    name = records.loc[records["model"] == model.name, "initial_weights"].iloc[0]
    kind = "ImageNet weights" if weights == IMAGENET else "weights of your own"
    return f"from {kind} ({name})"
