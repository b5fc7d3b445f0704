"""A trained network with all it needs to answer: its scaling, its classes, its weights."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from serfusion import registry


class Standardised(nn.Module):
    """A network behind the scaling of its inputs, which is part of what is saved.

    Attributes
    ----------
    mean, scale : Tensor of shape (inputs,)
        Of the training rows; a feature that never varies has scale 1.
    network : Module
    """

    def __init__(self, network: nn.Module, inputs: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.network = network

    def fit(self, values: np.ndarray) -> None:
        """Take mean and scale from training rows of shape (rows, inputs)."""
        values = values.astype(np.float64)
        scale = values.std(axis=0)
        scale[scale == 0] = 1
        self.mean.copy_(torch.from_numpy(values.mean(axis=0)))
        self.scale.copy_(torch.from_numpy(scale))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for rows as they stand in the tables."""
        return self.network((rows - self.mean) / self.scale)

    def deep(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the network's deep features for rows as they stand in the tables."""
        return self.network.deep((rows - self.mean) / self.scale)


def build(network: str, inputs: int, classes: list[str], settings: dict) -> Standardised:
    """Return the untrained network that the module `network` describes."""
    module = registry.load("models", network)
    return Standardised(module.build(inputs, len(classes), **settings), inputs)


def parameters(model: nn.Module) -> int:
    """Return how many numbers training adjusts."""
    return sum(weight.numel() for weight in model.parameters() if weight.requires_grad)


def load(path: str | Path) -> tuple[Standardised, list[str]]:
    """Return the network of a checkpoint that `serfusion.training.fit` wrote, and its classes.

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
def in_batches(function, values: np.ndarray, batch_size: int = 1024) -> np.ndarray:
    """Return `function` of rows of shape (rows, inputs), taken a batch at a time, as float32."""
    batches = torch.from_numpy(values).split(batch_size)
    return torch.cat([function(batch) for batch in batches]).float().cpu().numpy()
