"""Networks as a study builds them, and rows as their inputs."""

import numpy as np
import torch

from serfusion import registry
from serfusion.fitting.rows import Rows
from serfusion.layers.masks import masked
from serfusion.study import initial_weights
from serfusion.study.resolution import available_models

FINE_TUNED = "fine_tuned_encoder"
"""The network that needs an encoder, and so has tests of its own."""

NETWORKS = [name for name in available_models("network") if name != FINE_TUNED]
VARIANTS = [
    *((name, {}) for name in NETWORKS),
    ("lstm", {"bidirectional": True}),
    ("alexnet_mel3d", {"reading": "deltas"}),
    ("crnn_attention", {"recurrent": 8}),
]
"""Every network with its default settings, and those whose settings change the architecture."""

MIN_INPUTS = {"vgg16": [32, 32], "alexnet_mel3d": [64, 64]}
"""Frames and bands that are enough for the networks with a minimum size."""


def reads_frames(name: str) -> bool:
    return registry.constant(f"models/{name}.py", "INPUT") == "frames"


def vector_inputs(name: str, columns: int) -> int | list[int]:
    """The `inputs` of a network that reads vectors of so many columns, an even number."""
    reads_layers = registry.constant(f"models/{name}.py", "INPUT") == "layers"
    return [1, 2, columns // 2] if reads_layers else columns


def defaults(name: str, **changes) -> dict:
    """The default settings of a model as `build` takes them."""
    schemas = registry.constant(f"models/{name}.py", "SETTINGS")
    return {
        key: schema["default"]
        for key, schema in schemas.items()
        if key not in initial_weights.SETTINGS
    } | changes


def counts(network: torch.nn.Module) -> list[int]:
    """The number of parameters of each layer that has any."""
    layers = [layer for layer in network.modules() if not list(layer.children())]
    numbers = [sum(weight.numel() for weight in layer.parameters()) for layer in layers]
    return [number for number in numbers if number]


def vectors(count: int, columns: int) -> torch.Tensor:
    """Random rows whose last column is a gender, 0 or 1."""
    rows = torch.randn(count, columns)
    rows[:, -1] = torch.arange(count) % 2
    return rows


def sequences(count: int, frames: int = 100, bands: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    """Clips of at least 40 frames as in a feature table: decibels, padded with zeros."""
    lengths = torch.linspace(40, frames, count).long()
    values = -60 + 20 * torch.randn(count, 1, bands) + torch.randn(count, frames, bands)
    return masked(values, lengths), lengths


def in_frames(rows_by_role: dict[str, Rows], frames: int, bands: int) -> dict[str, Rows]:
    """The same rows as sequences: every band of every valid frame holds the first column."""
    sequences_by_role = {}
    for role, rows in rows_by_role.items():
        count = len(rows.targets)
        lengths = np.random.default_rng(count).integers(2 * frames // 3, frames + 1, count)
        values = rows.values[:, :1, None] + np.zeros((frames, bands), np.float32)
        values[np.arange(frames) >= lengths[:, None]] = 0
        sequences_by_role[role] = Rows(rows.keys, values.astype(np.float16), rows.targets, lengths)
    return sequences_by_role
