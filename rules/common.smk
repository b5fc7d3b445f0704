import os
import sys
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

LIBRARY = f"{workflow.basedir}/workflow"
sys.path.insert(0, LIBRARY)

from serfusion import registry
from serfusion.corpora import is_file, table_files
from serfusion.dag import dependencies, queue
from serfusion.dag.resources import asks
from serfusion.errors import Refusal
from serfusion.evaluation import people
from serfusion.study import availability, initial_weights
from serfusion.study import resolution as study
from serfusion.study.names import ORIGINAL

dependencies.prepare_jobs()

try:
    STUDY = study.resolve(config)
except Refusal as refusal:
    raise WorkflowError(str(refusal)) from None

CORPORA = STUDY["corpora"]
DATASETS = STUDY["datasets"]
EXPERIMENTS = STUDY["experiments"]
COMPARISONS = STUDY["comparisons"]
MODELS = STUDY["models"]
SYNTHETIC = [name for name, corpus in CORPORA.items() if availability.is_synthetic(corpus)]
DOWNLOADED = [name for name, corpus in CORPORA.items() if availability.is_downloaded(corpus)]
RANDOM = registry.constant("extraction/augmentation.py", "RANDOM")


def one_of(names):
    """Return a wildcard constraint that matches exactly these names."""
    return "|".join(names) or "(?!)"


wildcard_constraints:
    corpus=one_of(CORPORA),
    dataset=one_of(DATASETS),
    features=one_of(STUDY["features"]),
    augmentation=one_of([ORIGINAL, *STUDY["augmentations"]]),
    experiment=one_of(EXPERIMENTS),
    comparison=one_of(COMPARISONS),
    model=one_of(MODELS),
    fold=r"\d+",


def code(script, *modules):
    """Return the script and the library modules that it runs, as input files."""
    files = dependencies.code(Path(LIBRARY) / "scripts" / script, *modules)
    return [os.path.relpath(file) for file in files]


def corpus_code(wildcards):
    kind = CORPORA[wildcards.corpus]["kind"]
    return code("clips.py", registry.module_name("corpora", kind))


def synthesis_code(wildcards):
    kind = CORPORA[wildcards.corpus]["kind"]
    return code("synthetic_corpus.py", registry.module_name("synthesis", kind))


def feature_code(wildcards):
    kind = STUDY["features"][wildcards.features]["kind"]
    return code("features.py", registry.module_name("features", kind))


def model_module(wildcards):
    """Return the module of `serfusion.models` that a model is."""
    model = MODELS[wildcards.model]
    return model[study.model_kind(model)]


def model_loop(wildcards):
    """Return the module whose loop fits a model."""
    return study.LOOPS[study.model_kind(MODELS[wildcards.model])]


def model_code(script):
    """Return an input function: the script with its model's module."""

    def files(wildcards):
        return code(script, registry.module_name("models", model_module(wildcards)))

    return files


def search_code(wildcards):
    own = registry.module_name("models", model_module(wildcards))
    return code("search.py", model_loop(wildcards), own)


def model_weights(wildcards):
    """Return the file of the weights that a model's training starts from, if there is one."""
    name = initial_weights.kept_name(MODELS[wildcards.model])
    return [f"data/weights/{name}"] if name else []


def corpus_root(wildcards):
    """Return where a corpus is: the user's copy or manifest, or where serfusion puts it."""
    corpus = CORPORA[wildcards.corpus]
    own = corpus.get("path") or corpus.get("manifest")
    if own:
        return own
    made = "synthetic" if wildcards.corpus in SYNTHETIC else "corpora"
    return f"data/{made}/{wildcards.corpus}"


def refuse(sentence):
    """End the run with one sentence; an exception in an input function would bring a traceback."""
    logger.error(sentence)
    sys.exit(1)


def corpus_files(wildcards):
    """Return what the index reads: each file of the user's, or the folder that a rule makes."""
    name = wildcards.corpus
    corpus = CORPORA[name]
    how_to_get = availability.how_to_get(name, corpus)
    if how_to_get:
        refuse(f"{how_to_get}, or name it in `without` of the datasets that have it.")
    root = Path(corpus_root(wildcards))
    if name in SYNTHETIC or name in DOWNLOADED:
        return [str(root)]
    try:
        files = registry.load("corpora", corpus["kind"]).files(root)
    except Refusal as refusal:
        refuse(str(refusal))
    if root.is_file():
        found = [root, *filter(is_file, files)]
    else:
        tables = table_files(root, registry.constant(f"corpora/{corpus['kind']}.py", "TABLES"))
        found = [*files, *tables]
    for file in map(str, found):
        if set(file) & set("{}"):
            refuse(f"corpora.{name}: Snakemake takes the braces of {file} for its own; rename it.")
    return [str(file) for file in found]


def download_identity(wildcards):
    """Return what says which files a corpus consists of, wherever they are fetched from."""
    corpus = CORPORA[wildcards.corpus]
    return {key: corpus[key] for key in ("md5", "pointers_url", "doi") if key in corpus}


def synthesis_settings(wildcards):
    corpus = CORPORA[wildcards.corpus]
    if corpus.get("synthetic") is not None:
        return corpus["synthetic"]
    return {key: corpus[key] for key in corpus if key not in ("kind", *study.DESCRIPTION)}


def augmentation_change(wildcards):
    """Return what is done to the clips, with the seed if it draws; None for the originals."""
    if wildcards.augmentation == ORIGINAL:
        return None
    change = STUDY["augmentations"][wildcards.augmentation]
    return change | ({"seed": STUDY["seed"]} if change["kind"] in RANDOM else {})


def dataset_clips(wildcards):
    corpora = study.present_corpora(DATASETS[wildcards.dataset])
    return expand("results/corpora/{corpus}/clips.parquet", corpus=corpora)


def missing_emotions(wildcards):
    """Return the emotions that the corpora have which a dataset is without."""
    kinds = [CORPORA[corpus]["kind"] for corpus in DATASETS[wildcards.dataset]["without"]]
    found = [registry.constant(f"corpora/{kind}.py", "EMOTIONS") or {} for kind in kinds]
    return sorted({emotion for emotions in found for emotion in emotions.values()})


def experiment_dataset(wildcards):
    return f"results/datasets/{EXPERIMENTS[wildcards.experiment]['dataset']}.parquet"


def experiment_corpora(wildcards):
    return study.present_corpora(DATASETS[EXPERIMENTS[wildcards.experiment]["dataset"]])


def listened_corpora(wildcards):
    """Return by name the kinds of an experiment's corpora of human speech."""
    human = [name for name in experiment_corpora(wildcards) if name not in SYNTHETIC]
    return {name: CORPORA[name]["kind"] for name in human}


def listener_votes(wildcards):
    """Return, under votes_<corpus>, the listeners' votes that came with copies of the user's."""
    found = {
        f"votes_{name}": people.vote_files(kind, Path(CORPORA[name]["path"]))
        for name, kind in listened_corpora(wildcards).items()
        if CORPORA[name].get("path")
    }
    return {name: str(files[0]) for name, files in found.items() if files}


def voted_corpora(wildcards):
    return [name.removeprefix("votes_") for name in listener_votes(wildcards)]


def compared_models(wildcards):
    """Return an experiment's models that are compared, without its floors."""
    models = EXPERIMENTS[wildcards.experiment]["models"]
    return [name for name in models if name not in permuted(models)]


def index_tables(name):
    """Return an input function: the tables of this name of an experiment's corpora."""
    return lambda wildcards: expand(
        f"results/corpora/{{corpus}}/{name}", corpus=experiment_corpora(wildcards)
    )


def experiment_folds(wildcards):
    experiment = EXPERIMENTS[wildcards.experiment]
    return study.present_folds(experiment, DATASETS[experiment["dataset"]])


def fold_numbers(experiment):
    return range(1, 1 + study.fold_count(EXPERIMENTS[experiment]["folds"]))


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


def training_labels(wildcards):
    """Return the table that says which emotion each clip of a model's training has."""
    if MODELS[wildcards.model]["labels"] != study.PERMUTED:
        return experiment_dataset(wildcards)
    return f"results/{wildcards.experiment}/{wildcards.model}/fold_{wildcards.fold}/labels.parquet"


def search_table(wildcards):
    """Return, under `search`, the table in which a model's settings were chosen, if they were."""
    table = f"results/{wildcards.experiment}/{wildcards.model}/fold_{wildcards.fold}/search.csv"
    return {"search": table} if MODELS[wildcards.model]["search"] else {}


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


def estimators(models):
    return [name for name in models if "estimator" in MODELS[name]]


def permuted(models):
    """Return the models that are trained on permuted labels."""
    return [name for name in models if MODELS[name]["labels"] == study.PERMUTED]


def searched(models):
    return [name for name in models if MODELS[name]["search"]]


def impossible_experiments():
    """Return the experiments that want a corpus which cannot be had, by how to get it."""
    impossible = {}
    for name, experiment in EXPERIMENTS.items():
        for corpus in study.present_corpora(DATASETS[experiment["dataset"]]):
            how_to_get = availability.how_to_get(corpus, CORPORA[corpus])
            if how_to_get:
                impossible.setdefault(how_to_get, []).append(name)
    return impossible


@cache
def possible_experiments():
    """Return the experiments whose corpora can be had, and say once which cannot."""
    impossible = impossible_experiments()
    for how_to_get, names in impossible.items():
        logger.warning(f"Left out: {', '.join(names)}. {how_to_get}.")
    left_out = {name for names in impossible.values() for name in names}
    return [name for name in EXPERIMENTS if name not in left_out]


def report_file(name):
    return f"results/{name}/report.html"


def reports(wildcards):
    """Return every report whose corpora can be had, of experiments and of comparisons."""
    experiments = possible_experiments()
    comparisons = [
        name
        for name, comparison in COMPARISONS.items()
        if set(study.compared_experiments(comparison)) <= set(experiments)
    ]
    return [report_file(name) for name in (*experiments, *comparisons)]


def compared_experiments(wildcards):
    return study.compared_experiments(COMPARISONS[wildcards.comparison])


def compared_tables(name):
    """Return an input function: the files of this name of the experiments of a comparison."""
    return lambda wildcards: expand(
        f"results/{{experiment}}/{name}", experiment=compared_experiments(wildcards)
    )


def compared_clips(wildcards):
    """Return the clip tables of all corpora that a comparison's experiments are made of."""
    corpora = [
        corpus
        for name in compared_experiments(wildcards)
        for corpus in study.present_corpora(DATASETS[EXPERIMENTS[name]["dataset"]])
    ]
    return expand("results/corpora/{corpus}/clips.parquet", corpus=dict.fromkeys(corpora))


def trained_networks(wildcards):
    """Return every checkpoint, so that a lost one is made again though its report stands."""
    return [
        file
        for experiment in possible_experiments()
        for file in fold_files(experiment, networks(trained_models(experiment)), "model.ckpt")
    ]


def reported_accuracy(wildcards):
    """Return what was reported for each of an experiment's models, in percent."""
    experiment = EXPERIMENTS[wildcards.experiment]
    reported = experiment["reported"]
    if reported is None:
        return {}
    models = [reported["model"]] if reported["model"] else compared_models(wildcards)
    return {model: reported["accuracy"] for model in models}


def report_assets(*own):
    """Return what a report's page is made of beside code: templates, style, behaviour."""
    folder = Path(LIBRARY) / "serfusion" / "report"
    shared = sorted(
        path for path in (folder / "page").iterdir() if path.suffix != ".py" and path.is_file()
    )
    return [os.path.relpath(path) for path in (*(folder / name for name in own), *shared)]


def asked_reports():
    """Return the reports that this run is asked for, and so remakes where something changed.

    None inside a job: by then what the run was asked for is there.
    """
    dag = workflow.dag
    asked = set(dag.targetfiles)
    if "all" in {target.name for target in dag.targetrules}:
        asked |= set(reports(None))
    return asked


def summarised(name):
    """Return by kind what the summary takes from an experiment or a comparison."""
    pages = {"pages": [report_file(name)]}
    if name in COMPARISONS:
        return pages
    corpora = study.present_corpora(DATASETS[EXPERIMENTS[name]["dataset"]])
    return pages | {
        "summaries": [f"results/{name}/summary.csv"],
        "metrics": [f"results/{name}/metrics.csv"],
        "audits": [f"results/{name}/audit.json"],
        "records": fold_files(name, trained_models(name), "fit.json"),
        "clips": expand("results/corpora/{corpus}/clips.parquet", corpus=corpora),
    }


def summary_files(wildcards):
    """Return what the summary is made of: all that is finished, and all that this run is asked for.

    The latter is waited for. The former is taken as it stands, so that the summary alone trains
    nothing, whatever was edited since.
    """
    asked = asked_reports()
    files = {name: summarised(name) for name in [*EXPERIMENTS, *COMPARISONS]}
    waited = [name for name in files if report_file(name) in asked]
    finished = [
        name
        for name, kinds in files.items()
        if all(os.path.exists(file) for own in kinds.values() for file in own)
    ]

    def of(names, kind):
        return {file for name in names for file in files[name].get(kind, [])}

    found = {}
    for kind in ("summaries", "metrics", "audits", "records", "clips", "pages"):
        made = of(waited, kind)
        found[kind] = [*made, *map(before_update, of(finished, kind) - made)]
    return found


def summary_words(wildcards):
    """Return what the summary says of the study beside figures."""
    whole = described(EXPERIMENTS)
    return {
        "experiments": EXPERIMENTS,
        "datasets": whole["datasets"],
        "corpora": whole["corpora"],
        "models": {
            name: {key: model[key] for key in (*study.COMPOSITION, "labels") if key in model}
            for name, model in whole["models"].items()
        },
        "comparisons": {name: each["title"] for name, each in COMPARISONS.items()},
        "references": STUDY["references"],
    }


def without_urls(settings):
    return {key: value for key, value in settings.items() if "url" not in key}


def described(names):
    """Return all of the study that a report on these experiments speaks of."""
    experiments = {name: EXPERIMENTS[name] for name in names}
    datasets = {each["dataset"]: DATASETS[each["dataset"]] for each in experiments.values()}
    corpora = {corpus: CORPORA[corpus] for each in datasets.values() for corpus in each["corpora"]}
    models = {
        model: without_urls(MODELS[model]) for name in names for model in trained_models(name)
    }
    sets = {features for model in models.values() for features in study.feature_sets(model)}
    return {
        "seed": STUDY["seed"],
        "experiments": experiments,
        "datasets": datasets,
        "corpora": {name: without_urls(corpus) for name, corpus in corpora.items()},
        "augmentations": {
            name: STUDY["augmentations"][name]
            for each in experiments.values()
            for name in each["augment"]
        },
        "features": {features: STUDY["features"][features] for features in sorted(sets)},
        "models": models,
    }


def described_experiment(wildcards):
    return described([wildcards.experiment]) | {"report": STUDY["report"]}


def described_comparison(wildcards):
    name = wildcards.comparison
    return described(compared_experiments(wildcards)) | {"comparisons": {name: COMPARISONS[name]}}


def refuse_impossible_folds(jobs):
    """Refuse what a job of these would refuse, before any has cleared tables that stand."""
    being_made = {str(file) for job in jobs for file in job.output}
    for job in jobs:
        if job.rule.name != "folds" or job.input.dataset in being_made:
            continue
        from pandas import read_parquet
        from serfusion.protocol.folds import split

        try:
            split(read_parquet(job.input.dataset), **dict(job.params.items()))
        except Refusal as refusal:
            raise WorkflowError(str(refusal)) from None


def refuse_while_queued():
    """End the run while jobs of an earlier one from this folder are in a cluster's queue."""
    queued = queue.queued_jobs(Path.cwd())
    if queued is None and not workflow.local_exec:
        raise WorkflowError("`squeue` does not answer: start again when it does.")
    if queued:
        raise WorkflowError(
            f"Jobs of an earlier run from this folder are in the queue: {' '.join(queued)}. If its "
            "head was killed, wait for them or `scancel` them, and start again."
        )


def record_in_advance(due):
    """Record what jobs are going to be made from, and mark what they make as incomplete.

    Snakemake takes a target for finished although a killed job has left a gap behind it: what is
    marked is made by the next run if not by this. A job on a cluster outlives its head; it takes
    the marks away and leaves the record to the head, so that edits after the head was killed would
    not be noticed. Checksums of inputs are left out, for this run may yet make them.
    """
    records = workflow.persistence
    limit, records.max_checksum_file_size = records.max_checksum_file_size, 0
    for job in due:
        workflow.async_run(records.finished(job))
        records.started(job)
    records.max_checksum_file_size = limit
