"""Where the pretrained encoder of a feature set is, and which files it is made of."""

import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from serfusion.errors import Refusal

PLACE = ("model", "revision", "path")
"""The settings that say which encoder a feature set is computed by."""

CONFIG = "config.json"
DESCRIPTIONS = (CONFIG, "preprocessor_config.json")
INDEX = "model.safetensors.index.json"
PICKLED = "pytorch_model.bin"
WEIGHTS = ("model.safetensors", INDEX, PICKLED)
"""Files of weights in the order of preference; the second names the parts of a large model."""


def kept_name(features: dict) -> str | None:
    """Return the name of the folder in which a published encoder is kept.

    It follows from the model and its revision, so that it is the same from whichever mirror. It is
    None for an encoder in a folder of the user's, and for feature sets without an encoder.

    Parameters
    ----------
    features : dict
        A feature set with its settings.
    """
    if features.get("model") is None:
        return None
    return f"{features['model'].replace('/', '--')}-{features['revision'][:8]}"


def folder_of(weights: str | Path) -> Path:
    """Return the folder of an encoder, given it or the first of its files, as jobs have them."""
    weights = Path(weights)
    return weights if weights.is_dir() else weights.parent


def needed_files(names: Collection[str], source: str) -> list[str]:
    """Return which files of a model an encoder is loaded from, the file of its weights last.

    Parameters
    ----------
    names : collection of str
        All that there are.
    source : str
        Where they are, for the refusal.

    Raises
    ------
    Refusal
        If a file is missing, or if the weights are in no form that is safe to load.
    """
    for name in DESCRIPTIONS:
        if name not in names:
            raise Refusal(
                f"{source} has no {name}, without which its encoder cannot be used: choose "
                "another model, or one in a folder of yours to which you have added the file."
            )
    weights = next((name for name in WEIGHTS if name in names), None)
    if weights is None:
        raise Refusal(
            f"{source} has none of {', '.join(WEIGHTS)}, and weights are loaded from no other "
            "file: choose another model, or convert it to safetensors."
        )
    return [*DESCRIPTIONS, weights]


def parts(index: Path, source: str) -> list[str]:
    """Return the files that an index of safetensors names, sorted.

    Raises
    ------
    Refusal
        If it is no such index, or if it names a file that is not beside it.
    """
    try:
        names = sorted(set(json.loads(index.read_bytes())["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(f"{source}: {INDEX} is no index of safetensors: get another copy.") from error
    for name in names:
        if not str(name).endswith(".safetensors") or PurePosixPath(name).name != name:
            raise Refusal(f"{source}: {INDEX} names {name!r}, which is no part of the model.")
    return names


def local_files(folder: str | Path) -> list[Path]:
    """Return the files of an encoder in a folder of the user's.

    Raises
    ------
    Refusal
        As `needed_files`.
    """
    folder = Path(folder)
    names = needed_files([path.name for path in folder.iterdir()], str(folder))
    if names[-1] == INDEX:
        names += parts(folder / INDEX, str(folder))
    return [folder / name for name in names]
