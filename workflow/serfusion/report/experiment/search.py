"""Which hyperparameters were tried, and which were chosen."""

from serfusion.fitting.candidates import candidate_text, candidates
from serfusion.report.experiment import layer_profile
from serfusion.report.experiment.results import Results


def section(results: Results) -> dict:
    """Return what `search.html` is filled with.

    Returns
    -------
    dict
        `candidates`, by model, see `candidate_rows`; `searched`, the number of models with a
        search; `count`, the number of candidates of all; and `profile`, the figure of single layers
        of encoders, None if none were tried.
    """
    rows = candidate_rows(results)
    searched = [model_rows for model_rows in rows.values() if model_rows]
    return {
        "candidates": rows,
        "searched": len(searched),
        "count": sum(map(len, searched)),
        "profile": layer_profile.figure(layer_profile.profile(results)),
    }


def candidate_rows(results: Results) -> dict[str, list[dict]]:
    """Return a row per candidate of each trained model; none of a model without a search.

    A row has `hyperparameters`, in words; `accuracy`, on validation clips, the mean over folds (0
    to 1); and `chosen`, the number of folds that chose it.
    """
    rows = {}
    for model in results.experiment.trained:
        options = candidates(model.search)
        if options:
            table = results.searches[model.name]
            by_candidate = table.groupby(table.groupby("fold").cumcount())
            accuracies = by_candidate["validation_accuracy"].mean()
            counts = by_candidate["chosen"].sum()
        rows[model.name] = [
            {
                "hyperparameters": candidate_text(option),
                "accuracy": accuracies[place],
                "chosen": int(counts[place]),
            }
            for place, option in enumerate(options)
        ]
    return rows
