"""The study that a configuration describes: checked, complete, or refused in one sentence."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.study import availability, initial_weights
from serfusion.study.names import ORIGINAL

SCHEMA_FILE = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"
LOOPS = {"network": "serfusion.fitting.networks", "estimator": "serfusion.fitting.estimators"}
"""The module whose loop fits each kind of model."""

MODEL_KINDS = tuple(LOOPS)
COMPOSITION = (*MODEL_KINDS, "features", "deep", "fuse")
BESIDE = ("search", "labels")
"""What neither the model nor its training is given: training itself does not know of it."""

NEVER_SEARCHED = (*COMPOSITION, *BESIDE, *initial_weights.SETTINGS, "threads", "accelerator")
"""What a model is made of and what it is trained on; the search is over its other settings."""

PERMUTED = "permuted"
"""The `labels` of a model whose training clips have each other's emotions."""

DESCRIPTION = ("title", "licence", "citation", "embed_audio")
FOLD_MAKERS = ("count", "stratified", "leave_one_out", "test")
RESERVED = {
    "experiments": ("corpora", "datasets", "features"),
    "comparisons": ("corpora", "datasets", "features"),
    "augmentations": (ORIGINAL,),
    "features": ("deep",),
}


@cache
def schema() -> dict:
    """Return the frame of the configuration's JSON schema, without the modules' settings."""
    return yaml.safe_load(SCHEMA_FILE.read_text(encoding="utf-8"))


def resolve(config: dict) -> dict:
    """Return `config` with every default filled in.

    Each corpus, feature set and augmentation then also has its `kind`. The hyper-parameters of each
    model stand under `settings`, those of its training under `training`, and the values that are to
    be tried, which take the place of either, under `search`; what its weights start from and which
    `labels` it is trained on stay beside them. Each arm of a comparison has its experiment and
    model.

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
    _check_keys(study, "")
    _check(study, schema(), "")
    _resolve_corpora(study["corpora"])
    _resolve_kinds(
        study["augmentations"],
        "augmentations",
        registry.constant("extraction/augmentation.py", "SETTINGS"),
    )
    kinds = {kind: _settings("features", kind) for kind in registry.available("features")}
    _resolve_kinds(study["features"], "features", kinds)
    study["models"] = {
        name: _resolved_model(name, model) for name, model in study["models"].items()
    }
    for comparison in study["comparisons"].values():
        _resolve_arms(comparison)
    _check_references(study)
    return _sorted(study)


def spelled_out(study: dict) -> dict:
    """Return a study that `resolve` returned as `config.yaml` would say it, defaults and all."""
    written = deepcopy(study)
    for model in written["models"].values():
        given = model.pop("settings") | model.pop("training")
        model |= {key: value for key, value in given.items() if key not in model["search"]}
    return written


def model_kind(model: dict) -> str:
    """Return `network` or `estimator`."""
    return next(kind for kind in MODEL_KINDS if kind in model)


def feature_sets(model: dict) -> list[str]:
    """Return the feature sets whose tables a resolved model reads, in order."""
    own = [model["features"]] if "features" in model else []
    return own + model["fuse"]


def present_corpora(dataset: dict) -> list[str]:
    """Return the corpora that a resolved dataset is made of, in order."""
    return [corpus for corpus in dataset["corpora"] if corpus not in dataset["without"]]


def present_folds(experiment: dict, dataset: dict) -> dict:
    """Return the folds of a resolved experiment without what its dataset is without."""
    folds = experiment["folds"]
    if "test" not in folds:
        return folds
    groups = [
        [unit for unit in group if unit.partition("/")[0] not in dataset["without"]]
        for group in folds["test"]
    ]
    return folds | {"test": groups}


def fold_count(folds: dict) -> int:
    """Return how many folds there are."""
    (maker,) = set(folds) & set(FOLD_MAKERS)
    return len(folds["test"]) if maker == "test" else folds[maker]


def arms(comparison: dict) -> list[dict]:
    """Return the baseline of a resolved comparison and its arms, each with its question.

    The baseline, which is first, has None. The other keys are `label`, `experiment` and `model`.
    """
    asked = [(None, comparison["baseline"])]
    for part in comparison["questions"]:
        asked += [(part["question"], arm) for arm in part["arms"]]
    keys = ("label", "experiment", "model")
    return [{"question": question} | {key: arm[key] for key in keys} for question, arm in asked]


def compared_experiments(comparison: dict) -> list[str]:
    """Return the experiments whose models a resolved comparison sets side by side, in order."""
    return list(dict.fromkeys(arm["experiment"] for arm in arms(comparison)))


def _check_keys(value, place: str) -> None:
    """Refuse keys such as 1 and no, which YAML does not take for text."""
    for key, child in value.items() if isinstance(value, dict) else ():
        if not isinstance(key, str):
            raise Refusal(
                f"{place or 'config.yaml'}: the key {key!r} is not text; put it in quotes."
            )
        _check_keys(child, f"{place}.{key}".removeprefix("."))


def _sorted(value):
    """Return `value` with the keys of every dictionary in order, which a file need not keep."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(child) for child in value]
    return value


def available_models(kind: str) -> list[str]:
    """Return the modules of `serfusion.models` that are of `kind`, `network` or `estimator`."""
    modules = registry.available("models")
    return [name for name in modules if registry.constant(f"models/{name}.py", "KIND") == kind]


def _settings(family: str, name: str) -> dict:
    return registry.constant(f"{family}/{name}.py", "SETTINGS")


def _resolve_corpora(corpora: dict) -> None:
    for name, corpus in corpora.items():
        place = f"corpora.{name}"
        if "manifest" in corpus:
            if name in registry.available("corpora"):
                raise Refusal(
                    f"{place}: the name is that of a built-in corpus; choose another one."
                )
            corpus.setdefault("kind", "manifest")
        kind = corpus.setdefault("kind", name)
        built_in = [known for known in registry.available("corpora") if known != "manifest"]
        if kind != "manifest":
            sentence = f"corpora: there is no {kind!r}, and it has no manifest"
            registry.require(kind, built_in, sentence)
        known = {"kind": {"type": "string"}} | _settings("corpora", kind)
        _check(corpus, _object(known, required=["manifest"] * (kind == "manifest")), place)
        path = corpus.get("path")
        if path is not None and not Path(path).is_dir():
            raise Refusal(
                f"{place}.path: there is no folder {path}; set it to the folder that "
                "holds the corpus, or to null."
            )
        if path is not None and corpus["synthetic"] is not None:
            raise Refusal(f"{place}: say either path or synthetic.")
        if kind == "manifest" and not Path(corpus["manifest"]).is_file():
            raise Refusal(f"{place}.manifest: there is no file {corpus['manifest']}.")
        _resolve_embedding(corpus, place)


def _resolve_embedding(corpus: dict, place: str) -> None:
    """Refuse to pass on audio that may not be, then say whether what may be is."""
    synthetic = availability.is_synthetic(corpus)
    module = f"corpora/{corpus['kind']}.py"
    forbidden = registry.constant(module, "MAY_BE_EMBEDDED") is False and not synthetic
    if corpus["embed_audio"] and forbidden:
        licence = registry.constant(module, "SETTINGS")["licence"]["default"]
        raise Refusal(
            f"{place}.embed_audio: a report would pass the audio on, which its licence "
            f"({licence}) forbids; set it to false."
        )
    if corpus["embed_audio"] is None:
        corpus["embed_audio"] = synthetic


def _resolve_kinds(entries: dict, place: str, kinds: dict[str, dict]) -> None:
    for name, entry in entries.items():
        kind = entry.setdefault("kind", name)
        registry.require(kind, kinds, f"{place}.{name}: there is no kind {kind!r}")
        known = {"kind": {"type": "string"}} | kinds[kind]
        _check(entry, _object(known), f"{place}.{name}")


def _resolved_model(name: str, model: dict) -> dict:
    place = f"models.{name}"
    given = [kind for kind in MODEL_KINDS if kind in model]
    if len(given) != 1:
        raise Refusal(f"{place}: say either network or estimator.")
    kind = given[0]
    if ("features" in model) == ("deep" in model):
        raise Refusal(f"{place}: say either features or deep.")
    module = model[kind]
    registry.require(module, available_models(kind), f"{place}: there is no {kind} {module!r}")
    common, own = schema()["$defs"][kind]["properties"], _settings("models", module)
    said = set(model)
    _check(model, _object(common | own), place)
    _check_search(model["search"], common | own, said, f"{place}.search")
    _check_mixup(model, module, place)
    composition = {key: model[key] for key in COMPOSITION if key in model}
    start = {key: model[key] for key in initial_weights.SETTINGS if key in own}
    _check_weights(start.get("weights"), place)
    settings = {key: model[key] for key in own if key not in start}
    training = {key: model[key] for key in common if key not in (*COMPOSITION, *BESIDE)}
    beside = {key: model[key] for key in BESIDE}
    return composition | start | {"settings": settings, "training": training} | beside


def _check_search(grid: dict, known: dict, said: set[str], place: str) -> None:
    """Refuse a grid with a key or a value that the model itself could not be given."""
    searched = {key: known[key] for key in known if key not in NEVER_SEARCHED}
    for key, values in grid.items():
        for value in values:
            _check({key: value}, _object(searched), place)
        if key in said:
            raise Refusal(f"{place}.{key}: it is also set beside the search; say one of them.")


def _check_mixup(model: dict, module: str, place: str) -> None:
    raw = registry.constant(f"models/{module}.py", "STANDARDISED") is False
    as_is = registry.constant(f"models/{module}.py", "AS_IS")
    mixed = any(model["search"].get("mixup", [model.get("mixup", 0)]))
    if mixed and (raw or as_is):
        raise Refusal(
            f"{place}.mixup: {module} takes features as they stand in the tables, which cannot be "
            "mixed; set it to 0."
        )


def _check_weights(given: str | None, place: str) -> None:
    if given not in (None, initial_weights.IMAGENET) and not Path(given).is_file():
        raise Refusal(
            f"{place}.weights: there is no file {given}; set it to the file that holds the "
            "weights, to imagenet, or to null."
        )


def _resolve_arms(comparison: dict) -> None:
    """Give each arm that does not say its experiment or model that of the baseline."""
    for part in comparison["questions"]:
        for arm in part["arms"]:
            for key in ("experiment", "model"):
                arm[key] = arm[key] or comparison["baseline"][key]


def _check_references(study: dict) -> None:
    for place, names in RESERVED.items():
        for name in set(names) & set(study[place]):
            raise Refusal(f"{place}.{name}: the name has another use; choose another one.")
    for name, dataset in study["datasets"].items():
        for corpus in dataset["corpora"]:
            _refers(corpus, study["corpora"], f"datasets.{name}.corpora")
        for corpus in dataset["without"]:
            _refers(corpus, dataset["corpora"], f"datasets.{name}.without")
        if not present_corpora(dataset):
            raise Refusal(f"datasets.{name}.without: no corpus is left.")
    for name, model in study["models"].items():
        place = f"models.{name}"
        for features in feature_sets(model):
            _refers(features, study["features"], place)
        _check_input(model, study["features"], place)
        if "deep" in model:
            _refers(model["deep"], study["models"], f"{place}.deep")
            if not _has_deep_features(study["models"][model["deep"]]):
                raise Refusal(
                    f"{place}.deep: {model['deep']} is not an extractor on a feature set: it has "
                    "no deep features."
                )
            if study["models"][model["deep"]]["labels"] != model["labels"]:
                raise Refusal(
                    f"{place}.labels: {model['deep']}, whose deep features it reads, is trained on "
                    "other labels; set the same for both."
                )
    for name, experiment in study["experiments"].items():
        place = f"experiments.{name}"
        _refers(experiment["dataset"], study["datasets"], f"{place}.dataset")
        _check_folds(experiment, study["datasets"][experiment["dataset"]], place)
        for augmentation in experiment["augment"]:
            _refers(augmentation, study["augmentations"], f"{place}.augment")
        for model in experiment["models"]:
            _refers(model, study["models"], f"{place}.models")
        if all(study["models"][model]["labels"] == PERMUTED for model in experiment["models"]):
            raise Refusal(
                f"{place}.models: all have permuted labels; add one that is trained on its own."
            )
        if experiment["reported"] and experiment["reported"]["model"]:
            own = experiment["reported"]["model"]
            _refers(own, experiment["models"], f"{place}.reported.model")
            _no_floor(own, study["models"], f"{place}.reported.model")
    for name in study["comparisons"]:
        _check_comparison(name, study)
    for place, reference in enumerate(study["references"]):
        _refers(reference["dataset"], study["datasets"], f"references.{place}.dataset")


def _check_comparison(name: str, study: dict) -> None:
    place = f"comparisons.{name}"
    if name in study["experiments"]:
        raise Refusal(f"{place}: an experiment has that name too; choose another one.")
    labelled, labels = {}, set()
    for arm in arms(study["comparisons"][name]):
        label, model, experiment = arm["label"], arm["model"], arm["experiment"]
        words = f"{place}: {label!r}"
        _refers(experiment, study["experiments"], words)
        compared = study["experiments"][experiment]["models"]
        registry.require(model, compared, f"{words}: {experiment} does not compare {model!r}")
        _no_floor(model, study["models"], words)
        if label in labels:
            raise Refusal(f"{words} labels two arms; choose another label for one.")
        labels.add(label)
        twin = labelled.setdefault((experiment, model), label)
        if twin != label:
            raise Refusal(
                f"{words} is {model} of {experiment}, and so is {twin!r}; leave one of them out."
            )


def _no_floor(model: str, models: dict, place: str) -> None:
    if models[model]["labels"] == PERMUTED:
        raise Refusal(
            f"{place}: {model} has permuted labels: it is a floor, and is not compared; choose "
            "another model."
        )


def _check_input(model: dict, features: dict, place: str) -> None:
    """Refuse frame features for a model that reads one vector per clip, and the reverse."""
    in_frames = [name for name in feature_sets(model) if _has_frames(features[name])]
    module = model[model_kind(model)]
    wants_frames = registry.constant(f"models/{module}.py", "INPUT") == "frames"
    if wants_frames and in_frames != [model.get("features")] + model["fuse"]:
        raise Refusal(
            f"{place}: {module} reads frames, and so one feature set of frames, with nothing fused."
        )
    if in_frames and not wants_frames:
        raise Refusal(
            f"{place}: {module} reads one vector per clip, and {in_frames[0]} are frames: choose "
            "features that are one vector, or a network that reads frames."
        )
    by_gender = registry.constant(f"models/{module}.py", "AS_IS")
    sets = feature_sets(model)
    if by_gender and not (sets and features[sets[-1]]["kind"] == "gender"):
        raise Refusal(
            f"{place}.fuse: {module} reads the gender last; end it with that feature set."
        )


def _has_frames(features: dict) -> bool:
    return bool(registry.constant(f"features/{features['kind']}.py", "FRAMES"))


def _check_folds(experiment: dict, dataset: dict, place: str) -> None:
    folds = experiment["folds"]
    if len(set(folds) & set(FOLD_MAKERS)) != 1:
        raise Refusal(f"{place}.folds: say one of {', '.join(FOLD_MAKERS)}.")
    if folds["by"] == "clip" and "count" not in folds:
        raise Refusal(f"{place}.folds: by clip there is count alone.")
    for fold, group in enumerate(present_folds(experiment, dataset).get("test", []), start=1):
        if not group:
            raise Refusal(
                f"{place}.folds.test: fold {fold} tests only what the dataset is without: "
                f"{', '.join(dataset['without'])}."
            )


def _has_deep_features(model: dict) -> bool:
    if not {"network", "features"} <= set(model):
        return False
    return bool(registry.constant(f"models/{model['network']}.py", "EXTRACTOR"))


def _refers(name: str, known: Iterable[str], place: str) -> None:
    registry.require(name, known, f"{place}: nothing is called {name!r}")


def _object(properties: dict, required: Iterable[str] = ()) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        "$defs": schema()["$defs"],
    }


def _check(value: dict, against: dict, place: str) -> None:
    """Refuse `value` unless it fits the schema, then fill in the schema's defaults."""
    error = best_match(Draft202012Validator(against).iter_errors(value))
    if error:
        raise Refusal(_sentence(error, place))
    _fill(value, against, against["$defs"])


def _fill(value, against: dict, definitions: dict) -> None:
    against = _dereferenced(against, definitions)
    if isinstance(value, list):
        for child in value:
            _fill(child, against.get("items", {}), definitions)
    if not isinstance(value, dict):
        return
    properties = against.get("properties", {})
    for key, property_schema in properties.items():
        whole = _dereferenced(property_schema, definitions)
        if key not in value and "default" in whole:
            value[key] = deepcopy(whole["default"])
    others = against.get("additionalProperties")
    for key, child in value.items():
        child_schema = properties.get(key, others)
        if isinstance(child_schema, dict):
            _fill(child, child_schema, definitions)


def _dereferenced(against: dict, definitions: dict) -> dict:
    reference = against.get("$ref")
    return against if reference is None else definitions[reference.rpartition("/")[2]] | against


def _sentence(error: ValidationError, place: str) -> str:
    where = ".".join([place] * bool(place) + [str(step) for step in error.absolute_path])
    where = where or "config.yaml"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = next(key for key in error.instance if key not in known)
        return f"{where}: unknown key {unknown!r}; {registry.hint(unknown, known)}"
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"{where}: the key {missing!r} is missing."
    if "propertyNames" in error.absolute_schema_path:
        return f"{where}: {error.message}; a name is small letters, digits and underscores."
    if error.validator == "anyOf" and "description" in error.schema:
        return f"{where}: {error.instance!r} is not allowed; {error.schema['description']}"
    if error.validator == "type":
        given = "nothing" if error.instance is None else repr(error.instance)
        wanted = error.validator_value
        wanted = wanted if isinstance(wanted, str) else " or ".join(wanted)
        return f"{where}: should be of type {wanted}, and is {given}."
    return f"{where}: {error.message}."
