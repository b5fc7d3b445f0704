"""Which layers and statistics models read of the tables of encoders."""

from collections.abc import Iterable, Mapping

from serfusion import registry
from serfusion.errors import Refusal

ENCODER = "encoder"
KEYS = ("layers", "statistics")
"""The keys of a model that say what it reads of its encoders."""

LayerSets = list[int] | list[list[int]]
"""The layers that are read of an encoder: one set of them, or several, which are blocks apart."""

Layers = LayerSets | dict[str, LayerSets] | None
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


def layer_sets(layers: LayerSets) -> list[list[int]]:
    """Return the sets of layers of an encoder as a list, of which an empty one has none."""
    return layers if not layers or isinstance(layers[0], list) else [layers]


def layers_by_encoder(layers: Layers, encoders: Iterable[str]) -> dict[str, list[list[int]]]:
    """Return the sets of layers that are named, by feature set.

    Parameters
    ----------
    layers : Layers
    encoders : iterable of str
        The encoders that a model reads; a list of layers is that of the first.
    """
    by_name = layers if isinstance(layers, dict) else {next(iter(encoders), ""): layers}
    return {name: layer_sets(sets) for name, sets in by_name.items() if sets is not None}


def has_several_sets(model: dict) -> bool:
    """Return whether an entry of `models` may read several sets of layers of one encoder."""
    options = model["search"].get("layers", [model.get("layers")])
    named = [layers_by_encoder(option, [""]) for option in options]
    return any(len(sets) > 1 for by_name in named for sets in by_name.values())


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
        For each encoder `held`, the layers in its table, in their order there; `layers`, the sets
        of them that the model reads, a single one for all candidates of a search; and `statistics`,
        in the order of the table.
    """
    encoders = [name for name in sets if has_layers(features[name])]
    known = registry.constant("extraction/encoder_table.py", "STATISTICS")
    options = {key: model["search"].get(key, [model[key]]) for key in KEYS}
    named = [layers_by_encoder(option, encoders) for option in options["layers"]]
    statistics = {name for option in options["statistics"] for name in option or known}
    tables = {}
    for encoder in encoders:
        held = features[encoder]["layers"]
        sets = [layers for option in named for layers in option.get(encoder, [held])]
        if "layers" in model["search"]:
            sets = [[layer for layers in sets for layer in layers]]
        tables[encoder] = {
            "held": held,
            "layers": [[layer for layer in held if layer in layers] for layers in sets],
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
        if all(layers_by_encoder(option, encoders).get(name) == [] for option in options):
            raise Refusal(f"{place}: no layer of {name} is read; leave it out of `features`.")


def _check_option(layers: Layers, encoders: list[str], features: Mapping, place: str) -> None:
    if isinstance(layers, list) and len(encoders) > 1:
        raise Refusal(
            f"{place}: the model reads several encoders; say which layers of which, such as "
            f"{{{encoders[0]}: {layers}}}."
        )
    by_name = layers if isinstance(layers, dict) else {encoders[0]: layers or []}
    for sets in by_name.values():
        if len({isinstance(layer, list) for layer in sets}) > 1:
            raise Refusal(f"{place}: {sets} mixes layers and lists of layers; write lists alone.")
    named = layers_by_encoder(layers, encoders)
    for name, sets in named.items():
        registry.require(name, encoders, f"{place}: the model reads no encoder {name!r}")
        held = features[name]["layers"]
        for layer in (layer for layers in sets for layer in layers):
            if layer not in held:
                raise Refusal(
                    f"{place}: {name} has no layer {layer}; it has {', '.join(map(str, held))}: "
                    f"choose among these, or add the layer to features.{name}.layers."
                )
    if all(name in named and not named[name] for name in encoders):
        raise Refusal(f"{place}: {layers} names no layer at all; name one.")
