"""Networks as a study builds them, and rows for them to read."""

import numpy as np
import torch

from serfusion import registry
from serfusion.fitting.rows import Rows
from serfusion.layers.masks import masked
from serfusion.study import initial_weights
from serfusion.study.resolution import available_models

NETWORKS = available_models("network")
VARIANTS = [
    *((name, {}) for name in NETWORKS),
    ("lstm", {"bidirectional": True}),
    ("alexnet_mel3d", {"reading": "deltas"}),
    ("crnn_attention", {"recurrent": 8}),
]
"""Every network as it is by default, and those that are another network by their settings."""

LEAST = {"vgg16": [32, 32], "alexnet_mel3d": [64, 64]}
"""Frames and bands that are enough for networks whose trunk wants so many."""


def reads_frames(name: str) -> bool:
    return registry.constant(f"models/{name}.py", "INPUT") == "frames"


def defaults(name: str, **changes) -> dict:
    """The settings that `build` is given where config.yaml says nothing."""
    declared = registry.constant(f"models/{name}.py", "SETTINGS")
    own = {key: of for key, of in declared.items() if key not in initial_weights.SETTINGS}
    return {key: of["default"] for key, of in own.items()} | changes


def counts(network: torch.nn.Module) -> list[int]:
    """The parameters of each layer that has any."""
    layers = [layer for layer in network.modules() if not list(layer.children())]
    found = [sum(weight.numel() for weight in layer.parameters()) for layer in layers]
    return [number for number in found if number]


def vectors(count: int, columns: int) -> torch.Tensor:
    """Random rows whose last column can be a gender."""
    rows = torch.randn(count, columns)
    rows[:, -1] = torch.arange(count) % 2
    return rows


def sequences(count: int, frames: int = 100, bands: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    """Clips of 40 frames and more, as a table has them: decibels, and zero beyond their length."""
    lengths = torch.linspace(40, frames, count).long()
    values = -60 + 20 * torch.randn(count, 1, bands) + torch.randn(count, frames, bands)
    return masked(values, lengths), lengths


def in_frames(sides: dict[str, Rows], frames: int, bands: int) -> dict[str, Rows]:
    """The same rows as sequences: the first column in every band of a part of the frames."""
    result = {}
    for role, side in sides.items():
        count = len(side.targets)
        lengths = np.random.default_rng(count).integers(2 * frames // 3, frames + 1, count)
        values = side.values[:, :1, None] + np.zeros((frames, bands), np.float32)
        values[np.arange(frames) >= lengths[:, None]] = 0
        result[role] = Rows(side.keys, values.astype(np.float16), side.targets, lengths)
    return result
