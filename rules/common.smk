import os
import re
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

# The folder of this file, not of the main Snakefile: that is another's where this is a module.
LIBRARY = Path(str(workflow.current_basedir)).resolve().parent / "workflow"
sys.path.insert(0, str(LIBRARY))

from serfusion import registry
from serfusion.corpora import copied_files, table_files
from serfusion.dag import dependencies, internals, queue, readiness
from serfusion.dag.resources import asks
from serfusion.errors import Refusal
from serfusion.study import config_files, encoder_weights, entries
from serfusion.study.initial_weights import kept_name
from serfusion.study.names import ORIGINAL
from serfusion.study.reading import reading

dependencies.prepare_jobs()

# Jobs read the same files again: what they were written like has been looked at by then.
CONFIG_FILES = internals.config_files(workflow) if internals.is_main_process(workflow) else []

try:
    for file in CONFIG_FILES:
        config_files.refuse_repeated_keys(file)
    STUDY = entries.load(config)
except Refusal as refusal:
    raise WorkflowError(str(refusal)) from None

for file in CONFIG_FILES[1:]:
    for sentence in config_files.inherited(file, CONFIG_FILES[0]):
        logger.warning(sentence)

CORPORA, MODELS, EXPERIMENTS = STUDY.corpora, STUDY.models, STUDY.experiments
MODEL_FILES = {"network": "model.ckpt", "estimator": "model.joblib", "ensemble": "model.json"}
RANDOM = registry.constant("extraction/augmentation.py", "RANDOM")


def refuse(sentence):
    """End the run with one sentence; an exception in an input function would bring a traceback."""
    logger.error(sentence)
    sys.exit(1)


def one_of(names):
    """Return a wildcard constraint that matches exactly these names."""
    return "|".join(names) or "(?!)"


def models_that(condition):
    """Return a wildcard constraint that matches the models that meet a condition."""
    return one_of(name for name, model in MODELS.items() if condition(model))


def is_pretrained(features):
    """Return whether a pretrained network computes a feature set."""
    return registry.constant(f"features/{features['kind']}.py", "PRETRAINED")


def feature_sets_that(condition):
    """Return a wildcard constraint that matches the feature sets that meet a condition."""
    return one_of(name for name, features in STUDY.features.items() if condition(features))


wildcard_constraints:
    corpus=one_of(CORPORA),
    dataset=one_of(STUDY.datasets),
    features=one_of(STUDY.features),
    augmentation=one_of([ORIGINAL, *STUDY.augmentations]),
    experiment=one_of(EXPERIMENTS),
    comparison=one_of(STUDY.comparisons),
    model=one_of(MODELS),
    fold=r"\d+",


# What the wildcards of a job stand for


def the_corpus(wildcards):
    return CORPORA[wildcards.corpus]


def the_dataset(wildcards):
    return STUDY.datasets[wildcards.dataset]


def the_features(wildcards):
    return STUDY.features[wildcards.features]


def the_model(wildcards):
    return MODELS[wildcards.model]


def the_experiment(wildcards):
    return EXPERIMENTS[wildcards.experiment]


def the_comparison(wildcards):
    return STUDY.comparisons[wildcards.comparison]


# Code: a script and the library modules behind it are inputs of the jobs that run them


def code(script, *modules):
    """Return the script and the library modules that it runs, as input files."""
    files = dependencies.code(LIBRARY / "scripts" / script, *modules)
    return [os.path.relpath(file) for file in files]


def corpus_code(wildcards):
    return code("clips.py", registry.module_name("corpora", the_corpus(wildcards).kind))


def synthesis_code(wildcards):
    kind = the_corpus(wildcards).kind
    return code("synthetic_corpus.py", registry.module_name("synthesis", kind))


def feature_code(script):
    """Return an input function: the script, with the module of its feature set."""
    return lambda wildcards: code(
        script, registry.module_name("features", the_features(wildcards)["kind"])
    )


def model_code(script):
    """Return an input function: the script, with the module of its model."""
    return lambda wildcards: code(
        script, registry.module_name("models", the_model(wildcards).module)
    )


def search_code(wildcards):
    model = the_model(wildcards)
    return code("search.py", model.loop, registry.module_name("models", model.module))


def page_files(section):
    """Return the templates, styles and scripts of a page: its own, and those that all share."""
    folder = LIBRARY / "serfusion" / "report"
    files = sorted([*(folder / section).iterdir(), *(folder / "page").iterdir()])
    return [os.path.relpath(file) for file in files if file.suffix in (".html", ".css", ".js")]


# Corpora, datasets and features


def corpus_root(wildcards):
    """Return where a corpus is: the user's copy or manifest, or where serfusion puts it."""
    corpus = the_corpus(wildcards)
    folder = "synthetic" if corpus.is_synthetic else "corpora"
    return corpus.path or corpus.manifest or f"data/{folder}/{corpus.name}"


def corpus_files(wildcards):
    """Return what the index reads: each file of the user's, or the folder that a rule makes."""
    corpus, root = the_corpus(wildcards), corpus_root(wildcards)
    if corpus.how_to_get:
        refuse(f"{corpus.how_to_get}, or list it under `without` in the datasets that have it.")
    if corpus.is_synthetic or corpus.is_downloaded:
        return [root]
    try:
        files = copied_files(registry.load("corpora", corpus.kind), Path(root))
    except Refusal as refusal:
        refuse(str(refusal))
    for file in map(str, files):
        if set(file) & set("{}<>"):
            refuse(
                f"corpora.{corpus.name}: {file} has braces or angle brackets in its name, which "
                "Snakemake cannot read; rename it."
            )
    return [str(file) for file in files]


def corpus_facts(corpora):
    """Return the files that say what reports print of these corpora."""
    folder = LIBRARY / "serfusion" / "corpora"
    files = dict.fromkeys(folder / f"{corpus.kind}.yaml" for corpus in corpora)
    return [os.path.relpath(file) for file in files if file.exists()]


def experiment_facts(wildcards):
    """Return the files that say what the report of an experiment prints of what it is made of."""
    experiment = the_experiment(wildcards)
    sets = {name for model in experiment.trained for name in model.feature_sets}
    encoders = any(is_pretrained(STUDY.features[name]) for name in sets)
    facts = os.path.relpath(LIBRARY / "serfusion" / "features" / "encoder.yaml")
    return [*corpus_facts(experiment.corpora), *[facts] * encoders]


def corpus_tables(name, corpora):
    """Return the tables of this name of some corpora."""
    return expand(f"results/corpora/{{corpus}}/{name}", corpus=[corpus.name for corpus in corpora])


def dataset_tables(name):
    """Return an input function: the tables of this name of the corpora of a dataset."""
    return lambda wildcards: corpus_tables(name, the_dataset(wildcards).present)


def augmentation_transform(wildcards):
    """Return what is done to the clips, with the seed if it draws; None for the originals."""
    if wildcards.augmentation == ORIGINAL:
        return None
    transform = STUDY.augmentations[wildcards.augmentation]
    return transform | ({"seed": STUDY.seed} if transform["kind"] in RANDOM else {})


def published_encoders():
    """Return the names under which the published encoders of the study are kept."""
    return sorted(filter(None, map(encoder_weights.kept_name, STUDY.features.values())))


def encoder_files(features):
    """Return the folder of a feature set's published encoder, or the files of the user's."""
    name = encoder_weights.kept_name(STUDY.features[features])
    if name:
        return [ancient(f"data/weights/{name}")]
    try:
        return [str(file) for file in encoder_weights.local_files(STUDY.features[features]["path"])]
    except Refusal as refusal:
        refuse(f"features.{features}.path: {refusal}")


def encoder_settings(wildcards):
    """Return what the features of an encoder depend on beside its weights."""
    without = (*encoder_weights.PLACE, "threads")
    return {key: value for key, value in the_features(wildcards).items() if key not in without}


# Experiments


def corpus_names(wildcards):
    return [corpus.name for corpus in the_experiment(wildcards).corpora]


def experiment_dataset(wildcards):
    return f"results/datasets/{the_experiment(wildcards).dataset.name}.parquet"


def index_tables(name):
    """Return an input function: the tables of this name of an experiment's corpora."""
    return lambda wildcards: corpus_tables(name, the_experiment(wildcards).corpora)


def rejected_files(wildcards):
    """Return the lists of what is left out of an experiment's corpora and dataset."""
    experiment = the_experiment(wildcards)
    return [
        *corpus_tables("rejected.csv", experiment.corpora),
        f"results/datasets/{experiment.dataset.name}.rejected.csv",
    ]


def fold_file(experiment, model, fold, name):
    return f"results/{experiment.name}/{model.name}/fold_{fold}/{name}"


def fold_files(experiment, models, name):
    return [
        fold_file(experiment, model, fold, name)
        for model in models
        for fold in experiment.fold_numbers
    ]


def its_fold_file(wildcards, name):
    """Return the file of this name of a job's own experiment, model and fold."""
    return fold_file(the_experiment(wildcards), the_model(wildcards), wildcards.fold, name)


def evaluated(name):
    """Return an input function: the files of this name of the models that are evaluated."""
    return lambda wildcards: fold_files(
        the_experiment(wildcards), the_experiment(wildcards).models, name
    )


def trained(name, condition=lambda model: True):
    """Return an input function: the files of this name of the trained models that qualify."""

    def files(wildcards):
        experiment = the_experiment(wildcards)
        return fold_files(experiment, filter(condition, experiment.trained), name)

    return files


def compared_models(wildcards):
    return [model.name for model in the_experiment(wildcards).compared]


def adapted_models(wildcards):
    """Return what the table of adapted models says of each beside its figures."""
    experiment = the_experiment(wildcards)
    baselines = {model.name: experiment.baseline_of(model) for model in experiment.adapted}
    return [
        {"model": model.name, "baseline": getattr(baselines[model.name], "name", None)}
        | model.adaptation
        for model in experiment.adapted
    ]


def human_corpora(wildcards):
    """Return by name the kinds of an experiment's corpora of human speech."""
    corpora = the_experiment(wildcards).corpora
    return {corpus.name: corpus.kind for corpus in corpora if not corpus.is_synthetic}


def listener_votes(wildcards):
    """Return, under votes_<corpus>, the listeners' votes that came with copies of the user's."""
    return {
        f"votes_{corpus.name}": str(table)
        for corpus in the_experiment(wildcards).corpora
        if corpus.path and corpus.facts.votes and not corpus.is_synthetic
        for table in table_files(Path(corpus.path), [corpus.facts.votes])[:1]
    }


# Models


def is_network(model):
    return model.kind == "network"


def is_estimator(model):
    return model.kind == "estimator"


def is_ensemble(model):
    return model.kind == "ensemble"


def is_searched(model):
    return bool(model.search)


def model_tables(wildcards):
    """Return the tables whose columns a model is trained on, under rows_<feature set>, in order."""
    model, experiment = the_model(wildcards), the_experiment(wildcards)
    copies = experiment.augment if model.augmented else []
    tables = {}
    if model.extractor:
        tables["rows_deep"] = [
            fold_file(experiment, model.extractor, wildcards.fold, "deep.parquet")
        ]
    for features in model.feature_sets:
        tables[f"rows_{features}"] = expand(
            "results/features/{features}/{corpus}/{augmentation}.parquet",
            features=features,
            corpus=corpus_names(wildcards),
            augmentation=[ORIGINAL, *copies],
        )
    return tables


def model_columns(wildcards):
    """Return the order of a model's columns, which Snakemake does not notice in its inputs."""
    return list(model_tables(wildcards))


def model_reading(wildcards):
    """Return which layers and statistics a model reads of the tables of its encoders."""
    model = the_model(wildcards)
    asked = {key: getattr(model, key) for key in ("layers", "statistics", "search")}
    return reading(model.feature_sets, asked, STUDY.features)


def member_files(name):
    """Return an input function: the files of this name of the members of an ensemble."""
    return lambda wildcards: [
        fold_file(the_experiment(wildcards), member, wildcards.fold, name)
        for member in the_model(wildcards).members
    ]


def model_weights(wildcards):
    """Return the files of the weights that a model's training starts from, if there are any."""
    model = the_model(wildcards)
    if model.tuned_encoder:
        return encoder_files(model.tuned_encoder)
    name = kept_name(model.initial_weights)
    return [ancient(f"data/weights/{name}")] if name else []


def model_settings(wildcards):
    """Return a model's hyperparameters and, if it trains an encoder, the layer that it reads."""
    model = the_model(wildcards)
    if not model.tuned_encoder:
        return model.settings
    (layer,) = STUDY.features[model.tuned_encoder]["layers"]
    return model.settings | {"layer": layer}


def training_labels(wildcards):
    """Return the table that says which emotion each clip of a model's training has."""
    if not the_model(wildcards).is_floor:
        return experiment_dataset(wildcards)
    return its_fold_file(wildcards, "labels.parquet")


def search_table(wildcards):
    """Return, under `search`, the table in which a model's settings were chosen, if they were."""
    searched = is_searched(the_model(wildcards))
    return {"search": its_fold_file(wildcards, "search.csv")} if searched else {}


# Comparisons, reports, and what a plain run makes


def compared_tables(name):
    """Return an input function: the files of this name of the experiments of a comparison."""
    return lambda wildcards: expand(
        f"results/{{experiment}}/{name}", experiment=the_comparison(wildcards).experiments
    )


def compared_corpora(wildcards):
    """Return all corpora that a comparison's experiments are made of."""
    experiments = [EXPERIMENTS[name] for name in the_comparison(wildcards).experiments]
    corpora = [corpus for experiment in experiments for corpus in experiment.corpora]
    return {corpus.name: corpus for corpus in corpora}.values()


def report_file(name):
    return f"results/{name}/report.html"


def reports(wildcards):
    """Return every report whose corpora can be had, of experiments and of comparisons."""
    return [
        report_file(each.name) for each in (*possible_experiments(), *STUDY.possible_comparisons)
    ]


@cache
def possible_experiments():
    """Return the experiments whose corpora can be had, and say once which cannot."""
    for how_to_get, names in STUDY.impossible_experiments.items():
        logger.warning(f"Left out: {', '.join(names)}. {how_to_get}.")
    return STUDY.possible_experiments


def trained_models(wildcards):
    """Return every trained model, so that a lost one is made again though its report stands."""
    return [
        file
        for experiment in possible_experiments()
        for model in experiment.trained
        for file in fold_files(experiment, [model], MODEL_FILES[model.kind])
    ]


def asked_targets():
    """Return the files that this run is asked for, and all reports if it is asked for rule `all`.

    Inside a job these are the job's own outputs, so that no report is among them.
    """
    everything = rules.all.rule.name in internals.asked_rules(workflow)
    return internals.asked_files(workflow) | set(reports(None) if everything else ())


def summarised(name):
    """Return by kind what the summary takes from an experiment or a comparison."""
    pages = {"pages": [report_file(name)]}
    if name in STUDY.comparisons:
        return pages
    experiment = EXPERIMENTS[name]
    return pages | {
        "summaries": [f"results/{name}/summary.csv"],
        "metrics": [f"results/{name}/metrics.csv"],
        "adapted": [f"results/{name}/adapted.csv"],
        "audits": [f"results/{name}/audit.json"],
        "records": fold_files(experiment, experiment.trained, "fit.json"),
        "clips": corpus_tables("clips.parquet", experiment.corpora),
    }


def summary_files(wildcards):
    """Return what the summary is made of: all that is finished, and all that this run is asked for.

    The latter is waited for. The former is taken as it stands, so that the summary alone trains
    nothing, whatever was edited since.
    """
    files = {name: summarised(name) for name in [*EXPERIMENTS, *STUDY.comparisons]}
    awaited, finished = readiness.sorted_out(files, asked_targets())
    return {kind: [*awaited[kind], *map(before_update, finished[kind])] for kind in awaited}


# Before a run starts


def refuse_impossible_folds(jobs):
    """Refuse folds that cannot be drawn, before any job has cleared tables that stand."""
    for params, dataset in readiness.ready_to_draw(jobs):
        from pandas import read_parquet
        from serfusion.protocol.folds import split

        split(read_parquet(dataset), **params)


def prepare_run():
    """Refuse a run that cannot go well, and record what it is about to make."""
    jobs = internals.due_jobs(workflow)
    try:
        refuse_impossible_folds(jobs)
        queue.refuse_while_queued(Path.cwd(), local=internals.runs_locally(workflow))
    except Refusal as refusal:
        raise WorkflowError(str(refusal)) from None
    internals.record_in_advance(workflow, jobs)
