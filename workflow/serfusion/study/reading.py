"""Which layers and statistics models read of the tables of encoders."""

from collections.abc import Iterable, Mapping

from serfusion import registry
from serfusion.errors import Refusal

ENCODER = "encoder"
KEYS = ("layers", "statistics")
"""The keys of a model that say what it reads of its encoders."""

Layers = list[int] | dict[str, list[int]] | None
"""`layers` as the configuration has them: those of the one encoder, those of several by name, or
None for all. A name that is missing stands for all layers of that encoder."""


def feature_sets(model: dict) -> list[str]:
    """Return the feature sets of an entry of `models`, in the order of their columns."""
    features = model.get("features") or []
    return [*([features] if isinstance(features, str) else features), *model.get("fuse", ())]


def has_layers(features: dict) -> bool:
    """Return whether the table of a feature set holds statistics of the layers of an encoder."""
    return features["kind"] == ENCODER and not features.get("frames")


def has_frames(features: dict) -> bool:
    """Return whether the table of a feature set holds a vector per frame."""
    if features["kind"] == ENCODER:
        return not has_layers(features)
    return bool(registry.constant(f"features/{features['kind']}.py", "FRAMES"))


def layers_by_set(layers: Layers, encoders: Iterable[str]) -> dict[str, list[int]]:
    """Return the layers that are named, by feature set.

    Parameters
    ----------
    layers : Layers
    encoders : iterable of str
        The encoders that a model reads; a list of layers is that of the first.
    """
    if layers is None or isinstance(layers, dict):
        return layers or {}
    return {next(iter(encoders)): layers}


def reading(sets: Iterable[str], model: dict, features: Mapping[str, dict]) -> dict[str, dict]:
    """Return what a model reads of the table of each encoder.

    Parameters
    ----------
    sets : iterable of str
        The feature sets that it reads.
    model : dict
        `layers`, `statistics` and `search`, of which a search over layers or statistics reads what
        any of its candidates asks for.
    features : mapping of str to dict
        The feature sets of the study.

    Returns
    -------
    dict of dict
        For each encoder `held`, the layers in its table, in their order there; `layers`, those of
        them that the model reads; and `statistics`, in the order of the table.
    """
    encoders = [name for name in sets if has_layers(features[name])]
    known = registry.constant("extraction/encoder_table.py", "STATISTICS")
    options = {key: model["search"].get(key, [model[key]]) for key in KEYS}
    named = [layers_by_set(option, encoders) for option in options["layers"]]
    statistics = {name for option in options["statistics"] for name in option or known}
    tables = {}
    for encoder in encoders:
        held = features[encoder]["layers"]
        wanted = {layer for option in named for layer in option.get(encoder, held)}
        tables[encoder] = {
            "held": held,
            "layers": [layer for layer in held if layer in wanted],
            "statistics": [name for name in known if name in statistics],
        }
    return tables


def check_reading(model: dict, features: Mapping[str, dict], place: str) -> None:
    """Refuse layers or statistics that a model's feature sets do not have.

    Parameters
    ----------
    model : dict
        A resolved entry of `models`, whose feature sets exist.
    features : mapping of str to dict
        The feature sets of the study.
    place : str
        Where the model stands in the configuration, for the refusal.

    Raises
    ------
    Refusal
    """
    encoders = [name for name in feature_sets(model) if has_layers(features[name])]
    for key in KEYS:
        if not encoders and (key in model or key in model["search"]):
            raise Refusal(
                f"{place}.{key}: none of its feature sets holds the layers of an encoder; leave "
                f"{key} out, or read a feature set of kind encoder."
            )
    if "layers" in model:
        _check_layers([model["layers"]], encoders, features, f"{place}.layers")
    if "layers" in model["search"]:
        _check_layers(model["search"]["layers"], encoders, features, f"{place}.search.layers")


def _check_layers(
    options: list[Layers], encoders: list[str], features: Mapping, place: str
) -> None:
    for option in options:
        _check_option(option, encoders, features, place)
    for name in encoders:
        if all(layers_by_set(option, encoders).get(name) == [] for option in options):
            raise Refusal(f"{place}: no layer of {name} is read; leave it out of `features`.")


def _check_option(layers: Layers, encoders: list[str], features: Mapping, place: str) -> None:
    if isinstance(layers, list) and len(encoders) > 1:
        raise Refusal(
            f"{place}: the model reads several encoders; say which layers of which, such as "
            f"{{{encoders[0]}: {layers}}}."
        )
    named = layers_by_set(layers, encoders)
    for name, wanted in named.items():
        registry.require(name, encoders, f"{place}: the model reads no encoder {name!r}")
        held = features[name]["layers"]
        for layer in wanted:
            if layer not in held:
                raise Refusal(
                    f"{place}: {name} has no layer {layer}; it has {', '.join(map(str, held))}: "
                    f"choose among these, or add the layer to features.{name}.layers."
                )
    if all(name in named and not named[name] for name in encoders):
        raise Refusal(f"{place}: {layers} names no layer at all; name one.")
