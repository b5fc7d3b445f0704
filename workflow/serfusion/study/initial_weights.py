"""The pretrained weights that a network may start from, and the name under which they are kept."""

from functools import cache
from pathlib import Path

from serfusion import registry
from serfusion.digests import digest

IMAGENET = "imagenet"
SETTINGS = ("weights", "weights_url")


def published(network: str) -> dict:
    """Return the `PRETRAINED_WEIGHTS` of a network's module: `url`, `sha256` and `size_bytes`."""
    return registry.constant(f"models/{network}.py", "PRETRAINED_WEIGHTS")


def kept_name(model: dict) -> str | None:
    """Return the name of the file that a model's training starts from, or None if from scratch.

    The name follows from the content of the file, so that it stays the same wherever the file is
    copied from.

    Parameters
    ----------
    model : dict
        `network` and `weights`, or nothing.
    """
    weights = model.get("weights")
    if weights is None:
        return None
    network = model["network"]
    checksum = published(network)["sha256"] if weights == IMAGENET else sha256(weights)
    return file_name(network, checksum)


def nearest(models: list[dict]) -> dict:
    """Return, of models that start from the same file, one with a copy of it or else a mirror.

    Parameters
    ----------
    models : list of dict
        Each with `weights` and `weights_url`.
    """

    def distance(model: dict) -> int:
        is_copy = model["weights"] != IMAGENET
        return 0 if is_copy else 1 if model["weights_url"] else 2

    return min(models, key=distance)


def file_name(network: str, checksum: str) -> str:
    """Return a network's name with the first 8 digits of a SHA-256, as the published files have."""
    return f"{network}-{checksum[:8]}.pth"


@cache
def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return digest(path, "sha256")
