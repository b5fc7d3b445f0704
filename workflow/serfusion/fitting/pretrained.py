"""Starting a network's training from pretrained convolutions or layers."""

from pathlib import Path

import torch
from torch import nn

from serfusion.errors import Refusal
from serfusion.logs import logger
from serfusion.study.encoder_weights import folder_of
from serfusion.study.initial_weights import file_name, sha256

SCRATCH = "scratch"
TRUNK = "features."


def load_initial_weights(network: nn.Module, name: str, path: str | Path | None) -> str:
    """Load the pretrained weights that training starts from, if there are any.

    Parameters
    ----------
    network : Module
        Untrained.
    name : str
        The network's module.
    path : path or None
        A checkpoint for `load_trunk`; the folder of an encoder, or one of its files, for a network
        with `start_from`; or None to keep the random initial weights.

    Returns
    -------
    str
        Where training starts from: `scratch`; the network's name with the first 8 digits of the
        file's SHA-256; or the name of the encoder's folder.

    Raises
    ------
    Refusal
        As `load_trunk` or the network's `start_from`.
    """
    if path is None:
        logger.info("training starts from scratch, without pretrained weights")
        return SCRATCH
    if hasattr(network, "start_from"):
        folder = folder_of(path)
        network.start_from(folder)
        logger.info("training starts from the layers of %s", folder)
        return folder.name
    load_trunk(network, path)
    return file_name(name, sha256(path))


def load_trunk(network: nn.Module, path: str | Path) -> None:
    """Load the convolutions of a checkpoint, such as those that torchvision publishes.

    Parameters
    ----------
    network : Module
        Its `features` take the parameters of the same names, in any precision.
    path : path
        The `state_dict` of a network, written by `torch.save`. Other parameters, such as those of
        a classifier, are ignored.

    Raises
    ------
    Refusal
        If the file is not such a checkpoint, or if a parameter is missing, has another shape or
        is not finite.
    """
    saved = _read(path)
    expected = network.features.state_dict()
    for name, parameter in expected.items():
        shape = tuple(parameter.shape)
        value = saved.get(TRUNK + name)
        if not isinstance(value, torch.Tensor):
            raise Refusal(
                f"{path} has no parameter {TRUNK}{name}, which should have the shape {shape}: set "
                "weights to a checkpoint of this network."
            )
        if value.shape != parameter.shape:
            raise Refusal(
                f"{path} has a parameter {TRUNK}{name} of shape {tuple(value.shape)}, which "
                f"should have the shape {shape}: set weights to a checkpoint of this network."
            )
        if not (value.is_floating_point() and value.isfinite().all()):
            raise Refusal(
                f"{path} has a parameter {TRUNK}{name} that is not all finite numbers: set weights "
                "to a file that is not damaged."
            )
    network.features.load_state_dict({name: saved[TRUNK + name] for name in expected})
    ignored = [str(name) for name in saved if name not in {TRUNK + used for used in expected}]
    logger.info(
        "training starts from the convolutions of %s; ignored: %s",
        path,
        ", ".join(ignored) or "nothing",
    )


def _read(path: str | Path) -> dict:
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # damage raises exceptions of a dozen kinds
        raise Refusal(
            f"{path} cannot be read as a checkpoint: set weights to a file that torch.save wrote."
        ) from error
    if not isinstance(saved, dict):
        raise Refusal(
            f"{path} does not hold a dictionary of parameters: set weights to a file with the "
            "state_dict of a network."
        )
    return saved
