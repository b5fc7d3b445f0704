import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

LIBRARY = f"{workflow.basedir}/workflow"
sys.path.insert(0, LIBRARY)

from serfusion import dependencies, registry, study
from serfusion.corpora.listing import audio_files
from serfusion.roles import ORIGINAL
from serfusion.errors import Refusal

dependencies.prepare_jobs()

try:
    STUDY = study.resolve(config)
except Refusal as refusal:
    raise WorkflowError(str(refusal)) from None

CORPORA = STUDY["corpora"]
EXPERIMENTS = STUDY["experiments"]
MODELS = STUDY["models"]
SYNTHETIC = [corpus for corpus in CORPORA if registry.constant(f"corpora/{corpus}.py", "SYNTHETIC")]
RANDOM = registry.constant("augmentation.py", "RANDOM")


def one_of(names):
    """Return a wildcard constraint that matches exactly these names."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    corpus=one_of(CORPORA),
    dataset=one_of(STUDY["datasets"]),
    features=one_of(STUDY["features"]),
    augmentation=one_of([ORIGINAL, *STUDY["augmentations"]]),
    experiment=one_of(EXPERIMENTS),
    model=one_of(MODELS),
    fold=r"\d+",


def code(script, *modules):
    """Return the script and the library modules that it runs, as input files."""
    files = dependencies.code(Path(LIBRARY) / "scripts" / script, *modules)
    return [os.path.relpath(file) for file in files]


def corpus_code(script):
    """Return an input function: the script with its corpus's module."""
    return lambda wildcards: code(script, registry.module_name("corpora", wildcards.corpus))


def feature_code(wildcards):
    kind = STUDY["features"][wildcards.features]["kind"]
    return code("extract.py", registry.module_name("features", kind))


def model_code(script):
    """Return an input function: the script with its model's module."""

    def files(wildcards):
        model = MODELS[wildcards.model]
        name = model.get("network") or model["estimator"]
        return code(script, registry.module_name("models", name))

    return files


def corpus_root(wildcards):
    """Return the folder of a corpus: the user's copy, or where serfusion puts it."""
    path = CORPORA[wildcards.corpus].get("path")
    return path or f"data/corpora/{wildcards.corpus}"


def corpus_audio(wildcards):
    """Return what the index reads: each file of the user's copy, or the folder made here."""
    path = CORPORA[wildcards.corpus].get("path")
    if path is None:
        return [f"data/corpora/{wildcards.corpus}"]
    return [str(file) for file in audio_files(Path(path))]


def augmentation_change(wildcards):
    """Return what is done to the clips, with the seed if it draws; None for the originals."""
    if wildcards.augmentation == ORIGINAL:
        return None
    change = STUDY["augmentations"][wildcards.augmentation]
    return change | ({"seed": STUDY["seed"]} if change["kind"] in RANDOM else {})


def dataset_corpora(wildcards):
    return STUDY["datasets"][wildcards.dataset]["corpora"]


def dataset_clips(wildcards):
    return expand("results/corpora/{corpus}/clips.parquet", corpus=dataset_corpora(wildcards))


def experiment_dataset(wildcards):
    return f"results/datasets/{EXPERIMENTS[wildcards.experiment]['dataset']}.parquet"


def experiment_corpora(wildcards):
    return STUDY["datasets"][EXPERIMENTS[wildcards.experiment]["dataset"]]["corpora"]


def fold_numbers(experiment):
    folds = EXPERIMENTS[experiment]["folds"]
    return range(1, 1 + (folds.get("count") or len(folds["test"])))


def model_tables(wildcards):
    """Return the tables whose columns a model is trained on, under rows_<feature set>."""
    model = MODELS[wildcards.model]
    augmentations = [ORIGINAL, *EXPERIMENTS[wildcards.experiment]["augment"]]
    tables = {}
    if "deep" in model:
        tables["rows_deep"] = [
            f"results/{wildcards.experiment}/{model['deep']}/fold_{wildcards.fold}/deep.parquet"
        ]
    for features in study.feature_sets(model):
        tables[f"rows_{features}"] = expand(
            "results/features/{features}/{corpus}/{augmentation}.parquet",
            features=features,
            corpus=experiment_corpora(wildcards),
            augmentation=augmentations,
        )
    return tables


def model_columns(wildcards):
    """Return what stands side by side in a model's rows, in order."""
    return list(model_tables(wildcards))


def trained_models(experiment):
    """Return the models that an experiment trains: those it compares and their extractors."""
    compared = EXPERIMENTS[experiment]["models"]
    extractors = [MODELS[name]["deep"] for name in compared if "deep" in MODELS[name]]
    return list(dict.fromkeys([*extractors, *compared]))


def fold_files(experiment, models, name):
    return [
        f"results/{experiment}/{model}/fold_{fold}/{name}"
        for model in models
        for fold in fold_numbers(experiment)
    ]


def networks(models):
    return [name for name in models if "network" in MODELS[name]]


def reports():
    return expand("results/{experiment}/report.html", experiment=EXPERIMENTS)


def trained_networks():
    """Return every checkpoint, so that a lost one is made again though its report stands."""
    return [
        file
        for experiment in EXPERIMENTS
        for file in fold_files(experiment, networks(trained_models(experiment)), "model.ckpt")
    ]


def reported_accuracy(wildcards):
    """Return what was reported for each of an experiment's models, in percent."""
    experiment = EXPERIMENTS[wildcards.experiment]
    reported = experiment["reported"]
    if reported is None:
        return {}
    models = [reported["model"]] if reported["model"] else experiment["models"]
    return {model: reported["accuracy"] for model in models}


def report_assets():
    """Return what the report's page is made of beside code: template, style, behaviour."""
    folder = Path(LIBRARY) / "serfusion" / "report"
    return [
        os.path.relpath(file)
        for file in sorted(folder.iterdir())
        if file.suffix in (".html", ".css", ".js")
    ]


def described_experiment(wildcards):
    """Return all of the study that a report speaks of."""
    name = wildcards.experiment
    experiment = EXPERIMENTS[name]
    models = {model: MODELS[model] for model in trained_models(name)}
    sets = {features for model in models.values() for features in study.feature_sets(model)}
    return {
        "seed": STUDY["seed"],
        "experiments": {name: experiment},
        "datasets": {experiment["dataset"]: STUDY["datasets"][experiment["dataset"]]},
        "corpora": {
            corpus: {key: value for key, value in CORPORA[corpus].items() if key != "url"}
            for corpus in experiment_corpora(wildcards)
        },
        "augmentations": {
            augmentation: STUDY["augmentations"][augmentation]
            for augmentation in experiment["augment"]
        },
        "features": {features: STUDY["features"][features] for features in sorted(sets)},
        "models": models,
    }


def refuse_impossible_folds(jobs):
    """Refuse what a job of these would refuse, before any has cleared tables that stand."""
    being_made = {str(file) for job in jobs for file in job.output}
    for job in jobs:
        if job.rule.name != "folds" or job.input.dataset in being_made:
            continue
        from pandas import read_parquet
        from serfusion.folds import split

        try:
            split(read_parquet(job.input.dataset), **dict(job.params.items()))
        except Refusal as refusal:
            raise WorkflowError(str(refusal)) from None
