"""Putting the report's words, tables and figures on one page."""

from functools import partial

from serfusion.report.experiment import content, figures, statistics
from serfusion.report.experiment.content import Experiment
from serfusion.report.experiment.failures import Failures, values
from serfusion.report.experiment.findings import findings
from serfusion.report.page.layout import render_page


def render(experiment: Experiment, failures: Failures) -> str:
    """Return the report of an experiment as one HTML page that needs nothing else."""
    confusions = content.confusions(experiment)
    marks = content.marks(experiment)
    lines = {row["mark"]: row["accuracy"] for row in marks if row["line"]}
    compared = content.compared(experiment)
    summary, metrics = (
        table[table["model"].isin(compared)] for table in (experiment.summary, experiment.metrics)
    )
    shown = content.sample_model(experiment)
    devices = content.devices(experiment)
    return render_page(
        "template.html",
        experiment.settings["title"] or experiment.name,
        experiment.study,
        experiment=experiment,
        settings=experiment.settings,
        synthetic=content.synthetic_corpora(experiment),
        missing=content.missing_corpora(experiment),
        incomplete=content.incomplete_corpora(experiment),
        corpora=content.corpus_rows(experiment),
        clip_counts=content.clip_counts(experiment),
        without_gender=content.clips_without_gender(experiment),
        fold_words=content.fold_words(experiment),
        actors_in_words=partial(content.actors_in_words, experiment),
        summary=summary.to_dict("records"),
        marks=marks,
        statistics=statistics.values(experiment),
        findings=findings(experiment, lines),
        validation=content.validation_scores(experiment),
        seconds=content.train_seconds(experiment),
        model_words=content.model_words,
        sample_model=shown,
        samples=content.samples(experiment, shown),
        versions=content.versions(experiment),
        devices=devices,
        trained_on=sorted({device for own in devices.values() for device in own}),
        extractor_parameters={
            model: content.extractor_parameters(experiment, model)
            for model in experiment.settings["models"]
        },
        initial_weights={
            model: content.initial_weights(experiment, model)
            for model in experiment.settings["models"]
        },
        confusions=confusions,
        fold_accuracies=content.fold_accuracies(experiment),
        tried=content.tried(experiment),
        failures=values(failures, experiment.dataset, experiment.study["corpora"]),
        specs={
            "scores": figures.model_scores(summary, lines).to_dict(),
            "folds": figures.fold_scores(metrics).to_dict(),
            "confusions": [
                (model, figures.confusion_matrix(model, counts, experiment.classes).to_dict())
                for model, counts in confusions.items()
            ],
            "curves": [
                (f"{model}, {metric}", figures.training_curves(curves, model, metric).to_dict())
                for model, curves in experiment.curves.items()
                for metric in ("loss", "accuracy")
            ],
        },
    )
