"""Starting a network's training from pretrained convolutions."""

from pathlib import Path

import torch
from torch import nn

from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.study.initial_weights import named, sha256

SCRATCH = "scratch"
TRUNK = "features."


def start(network: nn.Module, name: str, path: str | Path | None) -> str:
    """Load the weights that training starts from, if any, and return which they are.

    Parameters
    ----------
    network : Module
        Untrained.
    name : str
        Of its module.
    path : path or None
        A checkpoint for `load_trunk`.

    Returns
    -------
    str
        `scratch`, or the network's name with the first 8 digits of the file's SHA-256.
    """
    if path is None:
        logger.info("training starts from scratch, without pretrained weights")
        return SCRATCH
    load_trunk(network, path)
    return named(name, sha256(path))


def load_trunk(network: nn.Module, path: str | Path) -> None:
    """Load the convolutions of a checkpoint, such as torchvision publishes.

    Parameters
    ----------
    network : Module
        Its `features` take what the file has under the same names, in whatever precision.
    path : path
        A dictionary of tensors, as `torch.save` writes the `state_dict` of a network. What else it
        holds, such as a classifier, is left aside.

    Raises
    ------
    Refusal
        If the file is no such checkpoint, or lacks a parameter, or has it in another shape.
    """
    saved = _read(path)
    wanted = network.features.state_dict()
    for name, parameter in wanted.items():
        shape = tuple(parameter.shape)
        given = saved.get(TRUNK + name)
        if not isinstance(given, torch.Tensor):
            raise Refusal(
                f"{path} has no parameter {TRUNK}{name}, which should be of shape {shape}: set "
                "weights to a checkpoint of this network."
            )
        if given.shape != parameter.shape:
            raise Refusal(
                f"{path} has the parameter {TRUNK}{name} in shape {tuple(given.shape)}, and it "
                f"should be {shape}: set weights to a checkpoint of this network."
            )
        if not (given.is_floating_point() and given.isfinite().all()):
            raise Refusal(
                f"{path} has a parameter {TRUNK}{name} that is not all finite numbers: set weights "
                "to a file that is not damaged."
            )
    network.features.load_state_dict({name: saved[TRUNK + name] for name in wanted})
    others = [str(name) for name in saved if name not in {TRUNK + own for own in wanted}]
    logger.info(
        "training starts from the convolutions of %s; left aside: %s",
        path,
        ", ".join(others) or "nothing",
    )


def _read(path: str | Path) -> dict:
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # of a dozen kinds, as damage will have it
        raise Refusal(
            f"{path} cannot be read as a checkpoint: set weights to a file that torch.save wrote."
        ) from error
    if not isinstance(saved, dict):
        raise Refusal(
            f"{path} holds no dictionary of parameters: set weights to a file with the state_dict "
            "of a network."
        )
    return saved
