"""Checkpoints: a trained network with its scaling and its classes."""

from collections.abc import Callable
from math import prod
from pathlib import Path

import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

from serfusion import registry
from serfusion.layers.masks import masked

SCALING_BATCH = 512
PREDICTION_BATCH = 64
"""Rows per batch when nothing is learned: images in larger batches would not fit in 8 GB."""


class Standardised(nn.Module):
    """A network together with the standardisation of its inputs, so that both are saved.

    Attributes
    ----------
    mean, scale : Tensor of shape (columns,) or (channels,)
        Mean and standard deviation over the training rows; the scale of a constant column is 1.
    network : Module
    scaled : int
        How many columns are standardised, counted from the first; the others stay unchanged.
    """

    def __init__(self, network: nn.Module, columns: int, scaled: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("scale", torch.ones(columns))
        self.network = network
        self.scaled = scaled

    def fit(self, values: np.ndarray, lengths: np.ndarray | None = None) -> None:
        """Set mean and scale from training rows; padding is left out.

        Parameters
        ----------
        values, lengths : ndarray
            As in `serfusion.fitting.rows.Rows`.
        """
        if not self.scaled:
            return
        moments = StandardScaler()
        for start in range(0, len(values), SCALING_BATCH):
            batch = values[start : start + SCALING_BATCH]
            if lengths is not None:
                frames = np.arange(batch.shape[1])
                batch = batch[frames < lengths[start : start + SCALING_BATCH, None]]
            moments.partial_fit(batch[:, : self.scaled].astype(np.float64))
        self.mean[: self.scaled] = torch.from_numpy(moments.mean_)
        self.scale[: self.scaled] = torch.from_numpy(moments.scale_)

    def standardise(
        self, values: torch.Tensor, lengths: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, ...]:
        """Return the network's inputs: standardised values, and lengths if there are any.

        Parameters
        ----------
        values, lengths : Tensor
            As in `serfusion.fitting.rows.Rows`, not standardised.
        """
        values = (values.float() - self.mean) / self.scale
        return (values,) if lengths is None else (masked(values, lengths), lengths)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for rows that are not yet standardised."""
        return self.network(*self.standardise(*inputs))

    def deep(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the deep features of an extractor for rows that are not yet standardised."""
        return self.network.deep(*self.standardise(*inputs))


def build(
    network: str, inputs: int | list[int], classes: list[str], settings: dict
) -> Standardised:
    """Return an untrained network.

    Parameters
    ----------
    network : str
        A module of `serfusion.models`.
    inputs : int or list of int
        As in `serfusion.models`: columns; frames and channels; or statistics, layers and width.
    classes : list of str
    settings : dict
        The hyperparameters of the network.
    """
    module = registry.load("models", network)
    columns = inputs[-1] if module.INPUT == "frames" else prod(np.atleast_1d(inputs).tolist())
    unscaled = getattr(module, "AS_IS", 0) if getattr(module, "STANDARDISED", True) else columns
    untrained = module.build(inputs, len(classes), **settings)
    return Standardised(untrained, columns, columns - unscaled)


def parameter_count(network: nn.Module) -> int:
    """Return the number of parameters of a network, including frozen ones."""
    return sum(parameter.numel() for parameter in network.parameters())


def load(path: str | Path) -> tuple[Standardised, list[str]]:
    """Return the network of a checkpoint and its classes.

    Parameters
    ----------
    path : path
        A file that `serfusion.fitting.networks.fit` wrote.

    Returns
    -------
    network : Standardised
        On the CPU and in evaluation mode.
    classes : list of str
    """
    saved = torch.load(path, map_location="cpu", weights_only=True)
    description = saved["hyper_parameters"]["description"]
    network = build(**description)
    prefix = "model."
    network.load_state_dict(
        {
            name.removeprefix(prefix): value
            for name, value in saved["state_dict"].items()
            if name.startswith(prefix)
        }
    )
    return network.eval(), description["classes"]


@torch.inference_mode()
def in_batches(
    function: Callable, inputs: tuple[np.ndarray, ...], device: torch.device
) -> np.ndarray:
    """Return the values of a function of many rows, computed batch by batch.

    Parameters
    ----------
    function : callable
        Maps tensors with the rows of a batch to one tensor with as many rows.
    inputs : tuple of ndarray
        As `serfusion.fitting.rows.Rows.inputs`.
    device : torch.device
        Where the batches are moved to.

    Returns
    -------
    ndarray of shape (rows, …), float32
    """
    batches = zip(
        *(torch.from_numpy(array).split(PREDICTION_BATCH) for array in inputs), strict=True
    )
    outputs = [
        function(*(tensor.to(device) for tensor in batch)).float().cpu() for batch in batches
    ]
    return torch.cat(outputs).numpy()
