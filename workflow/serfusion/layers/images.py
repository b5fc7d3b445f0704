"""Spectrograms as networks for images see them: in colours, or with their slopes over time.

Frames come as (batch, frames, channels) with each clip's true length beside them; images are
(batch, 3, rows, frames), so that time is their last axis.
"""

import torch
from torch import nn

from serfusion.layers.colours import MAGMA
from serfusion.layers.masks import mask, masked

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
LEAST_SPREAD = 1e-3


def image_of(values: torch.Tensor) -> torch.Tensor:
    """Return frames (batch, frames, mels) as (batch, mels, frames), low frequencies at the foot."""
    return values.transpose(1, 2).flip(1)


def colour_image(decibels: torch.Tensor, lengths: torch.Tensor, *, range_db: float) -> torch.Tensor:
    """Return log-mel spectrograms as colour images, as a plotting library would draw them.

    Black is `range_db` below the loudest valid value of the clip or less, and what is beyond its
    length; pale yellow is the loudest.

    Parameters
    ----------
    decibels : Tensor of shape (batch, frames, mels)
    lengths : Tensor of shape (batch,), int64
    range_db : float
        In decibels.

    Returns
    -------
    Tensor of shape (batch, 3, mels, frames), 0 to 1
        Red, green and blue.
    """
    beyond = ~mask(lengths, decibels.shape[1])[:, :, None]
    loudest = decibels.masked_fill(beyond, -torch.inf).amax(dim=(1, 2), keepdim=True)
    level = (1 + (decibels - loudest) / range_db).clamp(0, 1).masked_fill(beyond, 0)
    colours = decibels.new_tensor(list(MAGMA)).reshape(256, 3) / 255
    steps = (256 * image_of(level)).long().clamp(max=255)
    return colours[steps].permute(0, 3, 1, 2)


def imagenet_normalised(image: torch.Tensor) -> torch.Tensor:
    """Return RGB images (batch, 3, …), 0 to 1, by the mean and deviation of ImageNet's channels."""
    mean, deviation = image.new_tensor(IMAGENET_MEAN), image.new_tensor(IMAGENET_STD)
    return (image - mean[:, None, None]) / deviation[:, None, None]


def deltas(values: torch.Tensor, lengths: torch.Tensor, *, width: int = 9) -> torch.Tensor:
    """Return the slope over time of each channel: a line fitted to `width` frames by least squares.

    What `librosa.feature.delta(values.T, width=width, mode="nearest")` gives of each clip's own
    frames: the first and the last stand for those before and after.

    Parameters
    ----------
    values : Tensor of shape (batch, frames, channels)
    lengths : Tensor of shape (batch,), int64
    width : int, default 9
        Odd.

    Returns
    -------
    Tensor of shape (batch, frames, channels)
        0 beyond a clip's length.
    """
    reach, frames = width // 2, values.shape[1]
    at = torch.arange(-reach, frames + reach, device=values.device).clamp(min=0)
    at = torch.minimum(at[None, :], lengths[:, None] - 1)
    held = values.gather(1, at[:, :, None].expand(-1, -1, values.shape[2]))
    slope = sum(
        step * (held[:, reach + step :][:, :frames] - held[:, reach - step :][:, :frames])
        for step in range(1, reach + 1)
    )
    slope = slope / (2 * sum(step**2 for step in range(1, reach + 1)))
    return masked(slope, lengths)


def standardised_clips(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return frames with mean 0 and deviation 1 over each clip's own frames and all its channels.

    A clip that varies by less than `LEAST_SPREAD` is only shifted to mean 0.

    Parameters
    ----------
    values : Tensor of shape (batch, frames, channels)
        0 beyond a clip's length, as is what is returned.
    lengths : Tensor of shape (batch,), int64
    """
    count = lengths[:, None, None] * values.shape[2]
    shifted = values - values.sum(dim=(1, 2), keepdim=True) / count
    shifted = masked(shifted, lengths)
    deviation = (shifted.square().sum(dim=(1, 2), keepdim=True) / count).sqrt()
    return shifted / torch.where(deviation < LEAST_SPREAD, 1, deviation)


def output_lengths(lengths: torch.Tensor, layer: nn.Module) -> torch.Tensor:
    """Return how many frames a convolution or pooling over images makes of so many frames."""
    if not isinstance(layer, nn.Conv2d | nn.MaxPool2d):
        return lengths
    kernel, stride, padding = (
        size[-1] if isinstance(size, tuple) else size
        for size in (layer.kernel_size, layer.stride, layer.padding)
    )
    return (lengths + 2 * padding - kernel) // stride + 1


def masked_trunk(
    trunk: nn.Sequential, image: torch.Tensor, lengths: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Run images through a trunk so that each clip's answer is what it would be alone.

    Parameters
    ----------
    trunk : Sequential
        Convolutions, poolings without padding, and functions that leave 0 as 0.
    image : Tensor of shape (batch, channels, rows, frames)
        0 beyond each clip's length.
    lengths : Tensor of shape (batch,), int64
        Frames of each clip, enough for the trunk to leave one.

    Returns
    -------
    image : Tensor of shape (batch, channels, rows, frames)
        0 beyond each clip's length, which has changed.
    lengths : Tensor of shape (batch,), int64
    """
    for layer in trunk:
        image, lengths = layer(image), output_lengths(lengths, layer)
        image = masked(image, lengths, dim=3)
    return image, lengths
