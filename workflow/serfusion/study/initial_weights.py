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
    """Return what the file is called from which a resolved model starts, or None from scratch.

    The name says what is in the file, so that it stays the same wherever the file is copied from.
    """
    given = model.get("weights")
    if given is None:
        return None
    network = model["network"]
    return named(network, published(network)["sha256"] if given == IMAGENET else sha256(given))


def nearest(models: list[dict]) -> dict:
    """Return, of models that start from the same file, one with a copy of it or else a mirror."""

    def place(model: dict) -> int:
        has_copy = model["weights"] != IMAGENET
        return 0 if has_copy else 1 if model["weights_url"] else 2

    return min(models, key=place)


def named(network: str, checksum: str) -> str:
    """Return a network's name with the first 8 digits of a SHA-256, as the published files have."""
    return f"{network}-{checksum[:8]}.pth"


@cache
def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return digest(path, "sha256")
