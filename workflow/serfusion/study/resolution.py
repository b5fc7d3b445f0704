"""A configuration, completed with every default or refused in one sentence."""

import csv
from copy import deepcopy
from pathlib import Path

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.study import adaptation, initial_weights, reading
from serfusion.study.checks import check_references
from serfusion.study.facts import facts
from serfusion.study.schema import (
    check_keys,
    complete,
    dereferenced,
    schema,
    settings_schema,
)

WORKFLOW = Path(__file__).parents[3]
"""The folder of the Snakefile."""

LOOPS = {"network": "serfusion.fitting.networks", "estimator": "serfusion.fitting.estimators"}
"""The module whose loop fits each kind of model."""

ENSEMBLE = "ensemble"
MODEL_KINDS = (*LOOPS, ENSEMBLE)
COMPOSITION = (*MODEL_KINDS, "features", "deep", "fuse")
BESIDE = ("search", "labels")
"""Keys of a model that neither its architecture nor its training is given."""

OUTLINED = (*COMPOSITION, "labels", adaptation.KEY)
"""Keys of a model that say what is evaluated, and not how it is fitted."""

NEVER_SEARCHED = (
    *COMPOSITION,
    *BESIDE,
    adaptation.KEY,
    *initial_weights.SETTINGS,
    "threads",
    "accelerator",
    "refit",
)
"""What a search is not over: what a model is made of, what it runs on, and what comes after it."""

DESCRIPTION = ("title", "licence", "citation")
REPORT_ONLY = (*DESCRIPTION, "embed_audio")
"""Keys of every corpus, which reports alone read."""

SPEAKER_INDEPENDENT = {"yes": True, "no": False, "": None}


def resolve(config: dict) -> dict:
    """Return `config` with every default filled in and the keys of every dictionary sorted.

    Each corpus, feature set and augmentation then has its `kind`. A model's hyperparameters stand
    under `settings`, those of its training under `training`, and the values to be tried instead of
    either under `search`; its initial weights, `labels`, and the `layers` and `statistics` that it
    reads of encoders and what it is adapted to, if it says so, stay beside them. Each arm of a
    comparison has its experiment and model. References are a list, wherever they were written.

    Parameters
    ----------
    config : dict
        As read from `config.yaml`; it is not changed.

    Raises
    ------
    Refusal
        If a key is unknown or missing, a value is not allowed, or a name refers to nothing.
    """
    study = deepcopy(config)
    check_keys(study)
    if isinstance(study.get("references"), str):
        study["references"] = read_references(_found(Path(study["references"])))
    complete(study, schema(), "")
    for name, entry in study["corpora"].items():
        complete_corpus(name, entry)
    augmentations = registry.constant("extraction/augmentation.py", "SETTINGS")
    _complete_kinds(study["augmentations"], "augmentations", augmentations)
    feature_kinds = {kind: _settings("features", kind) for kind in registry.available("features")}
    _complete_kinds(study["features"], "features", feature_kinds)
    models = study["models"]
    study["models"] = {name: _resolved_model(name, entry) for name, entry in models.items()}
    for comparison in study["comparisons"].values():
        _complete_arms(comparison)
    check_references(study)
    return _sorted(study)


def spelled_out(study: dict) -> dict:
    """Return a resolved study as `config.yaml` would say it, defaults and all."""
    written = deepcopy(study)
    for model in written["models"].values():
        if ENSEMBLE in model:
            continue
        settings = model.pop("settings") | model.pop("training")
        model |= {key: value for key, value in settings.items() if key not in model["search"]}
    return written


def available_models(kind: str) -> list[str]:
    """Return the modules of `serfusion.models` that are of `kind`, `network` or `estimator`."""
    modules = registry.available("models")
    return [name for name in modules if registry.constant(f"models/{name}.py", "KIND") == kind]


def complete_corpus(name: str, corpus: dict) -> dict:
    """Fill in and return one entry of `corpora`, which is changed in place.

    Raises
    ------
    Refusal
        As `resolve`.
    """
    place = f"corpora.{name}"
    built_in = [kind for kind in registry.available("corpora") if kind != "manifest"]
    if "manifest" in corpus:
        if name in built_in:
            raise Refusal(f"{place}: the name is that of a built-in corpus; choose another one.")
        corpus.setdefault("kind", "manifest")
    kind = corpus.setdefault("kind", name)
    if kind != "manifest":
        registry.require(kind, built_in, f"corpora: there is no {kind!r}, and it has no manifest")
    shared = {key: {"$ref": f"#/$defs/{key}"} for key in REPORT_ONLY}
    properties = {"kind": {"type": "string"}} | shared | _settings("corpora", kind)
    required = ["manifest"] * (kind == "manifest")
    complete(corpus, settings_schema(properties, required), place)
    for key in DESCRIPTION:
        corpus[key] = corpus[key] or getattr(facts(kind), key)
    _check_files(corpus, place)
    _complete_embedding(corpus, place)
    return corpus


def _found(path: Path) -> Path:
    """Return a file's path in the working directory or, where there is none, in the workflow."""
    return path if path.exists() or not (WORKFLOW / path).exists() else WORKFLOW / path


def read_references(path: Path) -> list[dict]:
    """Return the references of a CSV file, whose columns are the keys of a reference.

    `speaker_independent` is `yes`, `no`, or empty where nothing was trained.

    Raises
    ------
    Refusal
        If the file is missing, or a cell is not what its column holds.
    """
    if not path.is_file():
        raise Refusal(f"references: there is no file {path} in {Path.cwd()}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        return [_reference(row, f"{path}, line {reader.line_num}") for row in reader]


def _reference(row: dict[str, str], place: str) -> dict:
    converters = {
        "classes": int,
        "figure": float,
        "speaker_independent": SPEAKER_INDEPENDENT.__getitem__,
    }
    reference = dict(row)
    for column, convert in converters.items():
        try:
            reference[column] = convert(row[column])
        except (KeyError, ValueError):
            raise Refusal(
                f"references: {place}: {column} is {row.get(column)!r}; it should be a number, "
                "or, of speaker_independent, yes, no or empty."
            ) from None
    return reference


def _sorted(value):
    """Return `value` with the keys of every dictionary sorted: their order changes nothing."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(child) for child in value]
    return value


def _settings(family: str, name: str) -> dict:
    return registry.constant(f"{family}/{name}.py", "SETTINGS")


def _check_files(corpus: dict, place: str) -> None:
    path, manifest = corpus.get("path"), corpus.get("manifest")
    if path is not None and not Path(path).is_dir():
        raise Refusal(
            f"{place}.path: there is no folder {path}; set it to the folder that "
            "holds the corpus, or to null."
        )
    if path is not None and corpus.get("synthetic") is not None:
        raise Refusal(f"{place}: set either `path` or `synthetic`, not both.")
    if manifest is not None and not Path(manifest).is_file():
        raise Refusal(f"{place}.manifest: there is no file {manifest} in {Path.cwd()}.")


def _complete_embedding(corpus: dict, place: str) -> None:
    """Refuse to pass on audio that may not be; by default, pass on synthetic speech alone."""
    synthetic = is_synthetic(corpus)
    known = facts(corpus["kind"])
    if corpus["embed_audio"] and not known.may_be_embedded and not synthetic:
        raise Refusal(
            f"{place}.embed_audio: a report would pass the audio on, which its licence "
            f"({known.licence}) forbids; set it to false."
        )
    if corpus["embed_audio"] is None:
        corpus["embed_audio"] = synthetic


def is_synthetic(corpus: dict) -> bool:
    """Return whether a resolved corpus is speech that serfusion synthesises."""
    source = registry.constant(f"corpora/{corpus['kind']}.py", "SOURCE")
    return source["kind"] == "synthesis" or corpus.get("synthetic") is not None


def _complete_kinds(entries: dict, place: str, kinds: dict[str, dict]) -> None:
    for name, entry in entries.items():
        kind = entry.setdefault("kind", name)
        registry.require(kind, kinds, f"{place}.{name}: there is no kind {kind!r}")
        properties = {"kind": {"type": "string"}} | kinds[kind]
        required = [
            key for key, value in kinds[kind].items() if "default" not in dereferenced(value)
        ]
        complete(entry, settings_schema(properties, required), f"{place}.{name}")


def _resolved_model(name: str, model: dict) -> dict:
    place = f"models.{name}"
    kinds = [kind for kind in MODEL_KINDS if kind in model]
    if len(kinds) != 1:
        raise Refusal(f"{place}: set either `network`, `estimator` or `ensemble`.")
    (kind,) = kinds
    common = schema()["$defs"][kind]["properties"]
    if kind == ENSEMBLE:
        complete(model, settings_schema(common), place)
        return model
    if ("features" in model) == ("deep" in model):
        raise Refusal(f"{place}: set either `features` or `deep`.")
    module = model[kind]
    registry.require(module, available_models(kind), f"{place}: there is no {kind} {module!r}")
    architecture = _settings("models", module)
    written_keys = set(model)
    complete(model, settings_schema(common | architecture), place)
    _check_search(model["search"], common | architecture, written_keys, f"{place}.search")
    _check_mixup(model, module, place)
    composition = {key: model[key] for key in COMPOSITION if key in model}
    initial = {key: model[key] for key in initial_weights.SETTINGS if key in architecture}
    _check_weights(initial.get("weights"), place)
    settings = {key: model[key] for key in architecture if key not in initial}
    optional = (*reading.KEYS, adaptation.KEY)
    unlike_training = (*COMPOSITION, *BESIDE, *optional)
    training = {key: model[key] for key in common if key not in unlike_training}
    beside = {key: model[key] for key in BESIDE}
    beside |= {key: model[key] for key in optional if model[key] is not None}
    return composition | initial | {"settings": settings, "training": training} | beside


def _check_search(grid: dict, properties: dict, written_keys: set[str], place: str) -> None:
    """Refuse a grid with a key or a value that the model itself could not be given."""
    searchable = {key: properties[key] for key in properties if key not in NEVER_SEARCHED}
    for key, values in grid.items():
        for value in values:
            complete({key: value}, settings_schema(searchable), place)
        if key in written_keys:
            raise Refusal(f"{place}.{key}: the model sets it too; set it in one of the two places.")


def _check_mixup(model: dict, module: str, place: str) -> None:
    raw = registry.constant(f"models/{module}.py", "STANDARDISED") is False
    as_is = registry.constant(f"models/{module}.py", "AS_IS")
    mixed = any(model["search"].get("mixup", [model.get("mixup", 0)]))
    if mixed and (raw or as_is):
        raise Refusal(
            f"{place}.mixup: {module} reads features without standardising them, and such features "
            "cannot be mixed; set mixup to 0."
        )


def _check_weights(weights: str | None, place: str) -> None:
    if weights not in (None, initial_weights.IMAGENET) and not Path(weights).is_file():
        raise Refusal(
            f"{place}.weights: there is no file {weights}; set it to the file that holds the "
            "weights, to imagenet, or to null."
        )


def _complete_arms(comparison: dict) -> None:
    """Give each arm without an experiment or a model that of the baseline."""
    for question in comparison["questions"]:
        for arm in question["arms"]:
            for key in ("experiment", "model"):
                arm[key] = arm[key] or comparison["baseline"][key]
