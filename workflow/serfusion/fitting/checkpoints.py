"""A trained network with all it needs to answer: its scaling, its classes, its weights."""

from pathlib import Path

import numpy as np
import torch
from sklearn.preprocessing import StandardScaler
from torch import nn

from serfusion import registry
from serfusion.layers.masks import masked

SCALED_AT_A_TIME = 512
ANSWERED_AT_A_TIME = 64
"""Rows of a batch that nothing is learned from: images of more would not fit in 8 GB."""


class Standardised(nn.Module):
    """A network behind the scaling of its inputs, which is part of what is saved.

    Attributes
    ----------
    mean, scale : Tensor of shape (columns,) or (channels,)
        Of the training rows; a feature that never varies has scale 1.
    network : Module
    scaled : int
        How many columns are scaled; the network gets the others as they stand in the tables.
    """

    def __init__(self, network: nn.Module, columns: int, scaled: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("scale", torch.ones(columns))
        self.network = network
        self.scaled = scaled

    def fit(self, values: np.ndarray, lengths: np.ndarray | None = None) -> None:
        """Take mean and scale from training rows; of frame features, from the clips' own frames.

        Parameters
        ----------
        values, lengths : ndarray
            As `serfusion.fitting.rows.Rows` has them.
        """
        if not self.scaled:
            return
        moments = StandardScaler()
        for start in range(0, len(values), SCALED_AT_A_TIME):
            own = values[start : start + SCALED_AT_A_TIME]
            if lengths is not None:
                frames = np.arange(own.shape[1])
                own = own[frames < lengths[start : start + SCALED_AT_A_TIME, None]]
            moments.partial_fit(own[:, : self.scaled].astype(np.float64))
        self.mean[: self.scaled] = torch.from_numpy(moments.mean_)
        self.scale[: self.scaled] = torch.from_numpy(moments.scale_)

    def standardised(
        self, values: torch.Tensor, lengths: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, ...]:
        """Return what the network is given for rows as they stand in the tables."""
        values = (values.float() - self.mean) / self.scale
        return (values,) if lengths is None else (masked(values, lengths), lengths)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for rows as they stand in the tables."""
        return self.network(*self.standardised(*inputs))

    def deep(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the network's deep features for rows as they stand in the tables."""
        return self.network.deep(*self.standardised(*inputs))


def build(
    network: str, inputs: int | list[int], classes: list[str], settings: dict
) -> Standardised:
    """Return the untrained network that the module `network` describes.

    Parameters
    ----------
    network : str
        A module of `serfusion.models`.
    inputs : int or [int, int]
        The size of a row: columns, or frames and channels.
    classes : list of str
    settings : dict
        The network's hyper-parameters.
    """
    module = registry.load("models", network)
    columns = inputs if isinstance(inputs, int) else inputs[-1]
    as_is = getattr(module, "AS_IS", 0) if getattr(module, "STANDARDISED", True) else columns
    built = module.build(inputs, len(classes), **settings)
    return Standardised(built, columns, columns - as_is)


def parameters(model: nn.Module) -> int:
    """Return how many weights the network has, those that training leaves alone included."""
    return sum(weight.numel() for weight in model.parameters())


def load(path: str | Path) -> tuple[Standardised, list[str]]:
    """Return the network of a checkpoint that `serfusion.fitting.networks.fit` wrote, and its classes.

    The network is on the CPU and in evaluation mode.
    """
    saved = torch.load(path, map_location="cpu", weights_only=True)
    described = saved["hyper_parameters"]["description"]
    model = build(**described)
    prefix = "model."
    model.load_state_dict(
        {
            name.removeprefix(prefix): value
            for name, value in saved["state_dict"].items()
            if name.startswith(prefix)
        }
    )
    return model.eval(), described["classes"]


@torch.inference_mode()
def in_batches(function, inputs: tuple[np.ndarray, ...], device: torch.device) -> np.ndarray:
    """Return `function` of rows, taken a batch at a time to `device`, as float32.

    Parameters
    ----------
    function : callable
        Of tensors, each with the rows of a batch.
    inputs : tuple of ndarray
        As `serfusion.fitting.rows.Rows.inputs`.
    device : torch.device
    """
    parts = zip(*(torch.from_numpy(own).split(ANSWERED_AT_A_TIME) for own in inputs), strict=True)
    given = [function(*(part.to(device) for part in batch)).float().cpu() for batch in parts]
    return torch.cat(given).numpy()
