"""Putting the report's words, tables and figures on one page."""

from functools import partial
from pathlib import Path

import altair as alt
import vl_convert
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from serfusion import __version__
from serfusion.report import content, figures
from serfusion.report.content import Experiment
from serfusion.study import spelled_out

FOLDER = Path(__file__).parent


def render(experiment: Experiment) -> str:
    """Return the report of an experiment as one HTML page that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["percent"] = lambda value, digits=1: f"{100 * value:.{digits}f}"
    confusions = content.confusions(experiment)
    marks = content.marks(experiment)
    shown = content.sample_model(experiment)
    return environment.get_template("template.html").render(
        experiment=experiment,
        settings=experiment.settings,
        study_yaml=yaml.safe_dump(
            spelled_out(experiment.study), sort_keys=False, default_flow_style=None
        ),
        synthetic=content.synthetic_corpora(experiment),
        missing=content.missing_corpora(experiment),
        incomplete=content.incomplete_corpora(experiment),
        corpora=content.corpus_rows(experiment),
        clip_counts=content.clip_counts(experiment),
        without_gender=content.clips_without_gender(experiment),
        fold_words=content.fold_words(experiment),
        actors_in_words=partial(content.actors_in_words, experiment),
        marks=marks,
        validation=content.validation_scores(experiment),
        seconds=content.train_seconds(experiment),
        model_words=content.model_words,
        sample_model=shown,
        samples=content.samples(experiment, shown),
        versions=content.versions(experiment),
        devices=content.devices(experiment),
        extractor_parameters={
            model: content.extractor_parameters(experiment, model)
            for model in experiment.settings["models"]
        },
        initial_weights={
            model: content.initial_weights(experiment, model)
            for model in experiment.settings["models"]
        },
        fold_accuracies=content.fold_accuracies(experiment),
        tried=content.tried(experiment),
        commit=content.commit(),
        serfusion_version=__version__,
        specs={
            "scores": figures.model_scores(experiment.summary, marks).to_dict(),
            "folds": figures.fold_scores(experiment.metrics).to_dict(),
            "confusions": {
                model: figures.confusion_matrix(model, counts, experiment.classes).to_dict()
                for model, counts in confusions.items()
            },
            "curves": {
                (model, metric): figures.training_curves(curves, model, metric).to_dict()
                for model, curves in experiment.curves.items()
                for metric in ("loss", "accuracy")
            },
        },
        style=(FOLDER / "style.css").read_text(encoding="utf-8"),
        behaviour=(FOLDER / "behaviour.js").read_text(encoding="utf-8"),
        vega=vl_convert.javascript_bundle(vl_version=_vega_lite_version()),
    )


def _vega_lite_version() -> str:
    """Return the major and minor version of Vega-Lite that Altair writes for, such as v6.1."""
    return ".".join(alt.SCHEMA_VERSION.split(".")[:2])
