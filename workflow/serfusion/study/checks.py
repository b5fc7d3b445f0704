"""Whether the entries of a study refer to one another as they may."""

from collections.abc import Iterable
from pathlib import Path

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.study.adaptation import DRAWN, KEY, check_adaptation, check_name
from serfusion.study.encoder_weights import PLACE
from serfusion.study.names import ORIGINAL, PERMUTED
from serfusion.study.reading import (
    check_reading,
    feature_sets,
    has_frames,
    has_layers,
    has_several_sets,
)

FOLD_MAKERS = ("count", "stratified", "leave_one_out", "test")
RESERVED = {
    "experiments": ("corpora", "datasets", "features"),
    "comparisons": ("corpora", "datasets", "features"),
    "augmentations": (ORIGINAL,),
    "features": ("deep",),
}
"""Names that would collide with folders of `results/` or with the workflow's own words."""


def check_references(study: dict) -> None:
    """Refuse a study of which one entry names another that is missing or does not fit.

    Parameters
    ----------
    study : dict
        As `serfusion.study.resolution.resolve` has completed it.

    Raises
    ------
    Refusal
    """
    for place, names in RESERVED.items():
        for name in set(names) & set(study[place]):
            raise Refusal(f"{place}.{name}: this name is reserved; choose another one.")
    for name, dataset in study["datasets"].items():
        _check_dataset(name, dataset, study["corpora"])
    for name, features in study["features"].items():
        _check_encoder(name, features)
    for name, model in study["models"].items():
        _check_model(name, model, study)
    for name, experiment in study["experiments"].items():
        _check_experiment(name, experiment, study)
    for name, comparison in study["comparisons"].items():
        _check_comparison(name, comparison, study)
    for place, reference in enumerate(study["references"]):
        _refers(reference["dataset"], study["datasets"], f"references.{place}.dataset")


def tested_groups(folds: dict, without: Iterable[str]) -> list[list[str]]:
    """Return what each fold of `folds.test` tests, less the units of the corpora in `without`."""
    absent = set(without)
    return [
        [unit for unit in group if unit.partition("/")[0] not in absent] for group in folds["test"]
    ]


def _check_dataset(name: str, dataset: dict, corpora: dict) -> None:
    for corpus in dataset["corpora"]:
        _refers(corpus, corpora, f"datasets.{name}.corpora")
    for corpus in dataset["without"]:
        _refers(corpus, dataset["corpora"], f"datasets.{name}.without")
    if set(dataset["corpora"]) <= set(dataset["without"]):
        raise Refusal(f"datasets.{name}.without: no corpus is left.")


def _check_encoder(name: str, features: dict) -> None:
    """Refuse a feature set of a pretrained encoder that does not say which, or says two."""
    if not registry.constant(f"features/{features['kind']}.py", "PRETRAINED"):
        return
    model, revision, path = (features[key] for key in PLACE)
    if (path is None) == (model is None) or (model is None) != (revision is None):
        raise Refusal(
            f"features.{name}: set either `model` and `revision`, its commit on the hub, or "
            "`path`, a folder of yours."
        )
    if path is not None and not Path(path).is_dir():
        raise Refusal(f"features.{name}.path: there is no folder {path}; set it to the model's.")


def _check_model(name: str, model: dict, study: dict) -> None:
    place = f"models.{name}"
    if "ensemble" in model:
        _check_ensemble(name, model["ensemble"], study["models"])
        return
    for features in feature_sets(model):
        _refers(features, study["features"], place)
    check_reading(model, study["features"], place)
    _check_input(model, study["features"], place)
    sets = {features: study["features"][features] for features in feature_sets(model)}
    frames = [features for features, entry in sets.items() if has_frames(entry)]
    check_adaptation(name, model, sets, frames)
    if "deep" not in model:
        return
    _refers(model["deep"], study["models"], f"{place}.deep")
    extractor = study["models"][model["deep"]]
    if not _has_deep_features(extractor):
        raise Refusal(
            f"{place}.deep: {model['deep']} is not an extractor on a feature set, so it has no "
            "deep features."
        )
    if KEY in extractor:
        raise Refusal(
            f"{place}.deep: {model['deep']} is adapted, so it has no features of the clips that it "
            "is adapted by; name an extractor without adapt."
        )
    if extractor["labels"] != model["labels"]:
        raise Refusal(
            f"{place}.labels: {model['deep']}, whose deep features it reads, is trained on "
            "other labels; set the same for both."
        )


def _check_ensemble(name: str, members: list[str], models: dict) -> None:
    place = f"models.{name}.ensemble"
    for member in members:
        _refers(member, models, place)
        if member == name:
            raise Refusal(f"{place}: {name} cannot be a member of itself; name other models.")
        if "ensemble" in models[member]:
            raise Refusal(f"{place}: {member} is an ensemble too; name its members instead.")
        _refuse_floor(member, models, place)
    first, *others = members
    for member in others:
        if _drawn(models[member]) != _drawn(models[first]):
            raise Refusal(
                f"{place}: {first} and {member} are not adapted by the same clips, so that they "
                "answer different ones; give both the same to, clips and emotion under adapt."
            )
    if KEY in models[first]:
        check_name(name, f"models.{name}")


def _drawn(model: dict) -> dict:
    """Return the settings that say by which clips a model is adapted; empty if it is not."""
    return {key: model[KEY][key] for key in DRAWN} if KEY in model else {}


def _check_input(model: dict, features: dict, place: str) -> None:
    """Refuse feature sets of another form than the model reads."""
    sets = feature_sets(model)
    if len(set(sets)) < len(sets):
        raise Refusal(f"{place}: a feature set is there twice; leave one of them out.")
    frame_sets = [name for name in sets if has_frames(features[name])]
    module = model.get("network") or model["estimator"]
    form = registry.constant(f"models/{module}.py", "INPUT")
    if form == "frames" and ("deep" in model or len(sets) != 1 or not frame_sets):
        raise Refusal(
            f"{place}: {module} reads frames: give it one feature set of frames, and fuse nothing."
        )
    encoders = [name for name in sets if has_layers(features[name])]
    if form == "layers" and ("deep" in model or len(sets) != 1 or not encoders):
        raise Refusal(
            f"{place}: {module} reads the layers of one encoder: give it one feature set of kind "
            "encoder, and fuse nothing."
        )
    if form == "layers" and has_several_sets(model):
        raise Refusal(f"{place}.layers: {module} reads one set of layers; name them in one list.")
    if frame_sets and form != "frames":
        raise Refusal(
            f"{place}: {module} reads one vector per clip, and {frame_sets[0]} has frames: choose "
            "features that are one vector, or a network that reads frames."
        )
    as_is = registry.constant(f"models/{module}.py", "AS_IS")
    if as_is and not (sets and features[sets[-1]]["kind"] == "gender"):
        raise Refusal(
            f"{place}.fuse: {module} expects the gender as its last column; end the list with that "
            "feature set."
        )


def _check_experiment(name: str, experiment: dict, study: dict) -> None:
    place, models = f"experiments.{name}", study["models"]
    _refers(experiment["dataset"], study["datasets"], f"{place}.dataset")
    _check_folds(experiment["folds"], study["datasets"][experiment["dataset"]], place)
    for augmentation in experiment["augment"]:
        _refers(augmentation, study["augmentations"], f"{place}.augment")
    for model in experiment["models"]:
        _refers(model, models, f"{place}.models")
    if all(_is_floor(models[model]) for model in experiment["models"]):
        raise Refusal(
            f"{place}.models: all have permuted labels; add a model that is trained on the true "
            "labels."
        )
    if not any(_is_compared(models[model], models) for model in experiment["models"]):
        raise Refusal(
            f"{place}.models: all are adapted or have permuted labels; add a model without adapt."
        )
    reported_model = (experiment["reported"] or {}).get("model")
    if reported_model:
        _refers(reported_model, models, f"{place}.reported.model")
        _refuse_floor(reported_model, models, f"{place}.reported.model")
        if not _is_compared(models[reported_model], models):
            raise Refusal(
                f"{place}.reported.model: {reported_model} is adapted, and what was reported is "
                "held against models that are not; choose another model."
            )


def _check_folds(folds: dict, dataset: dict, place: str) -> None:
    if len(set(folds) & set(FOLD_MAKERS)) != 1:
        raise Refusal(f"{place}.folds: set exactly one of {', '.join(FOLD_MAKERS)}.")
    if folds["by"] == "clip" and "count" not in folds:
        raise Refusal(f"{place}.folds: `by: clip` supports only `count`.")
    if "test" not in folds:
        return
    for fold, group in enumerate(tested_groups(folds, dataset["without"]), start=1):
        if not group:
            raise Refusal(
                f"{place}.folds.test: fold {fold} tests only corpora that the dataset is without: "
                f"{', '.join(dataset['without'])}."
            )


def _check_comparison(name: str, comparison: dict, study: dict) -> None:
    place = f"comparisons.{name}"
    if name in study["experiments"]:
        raise Refusal(f"{place}: an experiment has that name too; choose another one.")
    arms = [arm for question in comparison["questions"] for arm in question["arms"]]
    label_of_arm, labels = {}, set()
    for arm in [comparison["baseline"], *arms]:
        label, model, experiment = arm["label"], arm["model"], arm["experiment"]
        arm_place = f"{place}: {label!r}"
        _refers(experiment, study["experiments"], arm_place)
        names = study["experiments"][experiment]["models"]
        registry.require(model, names, f"{arm_place}: {experiment} does not compare {model!r}")
        _refuse_floor(model, study["models"], arm_place)
        if not _is_compared(study["models"][model], study["models"]):
            check_name(label, arm_place)
        if label in labels:
            raise Refusal(f"{arm_place} labels two arms; choose another label for one of them.")
        labels.add(label)
        twin = label_of_arm.setdefault((experiment, model), label)
        if twin != label:
            raise Refusal(
                f"{arm_place} is {model} of {experiment}, and so is {twin!r}; leave one of them "
                "out."
            )


def _refuse_floor(model: str, models: dict, place: str) -> None:
    if _is_floor(models[model]):
        raise Refusal(
            f"{place}: {model} has permuted labels: it is a floor and is not compared; choose "
            "another model."
        )


def _is_floor(model: dict) -> bool:
    return model.get("labels") == PERMUTED


def _is_compared(model: dict, models: dict) -> bool:
    """Return whether a model is neither a floor nor adapted, and so is compared with others."""
    parts = [model, *(models[member] for member in model.get("ensemble", ()))]
    return not any(_is_floor(part) or KEY in part for part in parts)


def _has_deep_features(model: dict) -> bool:
    if not {"network", "features"} <= set(model):
        return False
    return bool(registry.constant(f"models/{model['network']}.py", "EXTRACTOR"))


def _refers(name: str, known: Iterable[str], place: str) -> None:
    registry.require(name, known, f"{place}: nothing is called {name!r}")
