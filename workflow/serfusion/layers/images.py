"""Spectrograms as inputs of image networks: in colours, or with their deltas.

Frames have the shape (batch, frames, channels), and images (batch, 3, rows, frames), so that time
is their last axis. `lengths` holds the number of frames of each clip without padding.
"""

import torch
from torch import nn

from serfusion.layers.colours import MAGMA
from serfusion.layers.masks import mask, masked

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
MIN_DEVIATION = 1e-3


def image_of(values: torch.Tensor) -> torch.Tensor:
    """Return frames (batch, frames, mels) as (batch, mels, frames), low bands at the bottom."""
    return values.transpose(1, 2).flip(1)


def colour_image(decibels: torch.Tensor, lengths: torch.Tensor, *, range_db: float) -> torch.Tensor:
    """Return log-mel spectrograms as colour images, as a plotting library would draw them.

    The loudest value of a clip is pale yellow; values at least `range_db` below it, and the
    padding, are black.

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
    padding = ~mask(lengths, decibels.shape[1])[:, :, None]
    loudest = decibels.masked_fill(padding, -torch.inf).amax(dim=(1, 2), keepdim=True)
    level = (1 + (decibels - loudest) / range_db).clamp(0, 1).masked_fill(padding, 0)
    colours = decibels.new_tensor(list(MAGMA)).reshape(256, 3) / 255
    steps = (256 * image_of(level)).long().clamp(max=255)
    return colours[steps].permute(0, 3, 1, 2)


def imagenet_normalised(image: torch.Tensor) -> torch.Tensor:
    """Return RGB images (batch, 3, …), 0 to 1, standardised by ImageNet's channel statistics."""
    mean, deviation = image.new_tensor(IMAGENET_MEAN), image.new_tensor(IMAGENET_STD)
    return (image - mean[:, None, None]) / deviation[:, None, None]


def deltas(values: torch.Tensor, lengths: torch.Tensor, *, width: int = 9) -> torch.Tensor:
    """Return the deltas of each channel: slopes of least-squares lines through `width` frames.

    Equal to `librosa.feature.delta(values.T, width=width, mode="nearest")` of each clip without
    its padding: the first and the last frame are repeated at the edges.

    Parameters
    ----------
    values : Tensor of shape (batch, frames, channels)
    lengths : Tensor of shape (batch,), int64
    width : int, default 9
        Odd.

    Returns
    -------
    Tensor of shape (batch, frames, channels)
        Zero in the padding.
    """
    reach, frames = width // 2, values.shape[1]
    indices = torch.arange(-reach, frames + reach, device=values.device).clamp(min=0)
    indices = torch.minimum(indices[None, :], lengths[:, None] - 1)
    extended = values.gather(1, indices[:, :, None].expand(-1, -1, values.shape[2]))
    slope = sum(
        step * (extended[:, reach + step :][:, :frames] - extended[:, reach - step :][:, :frames])
        for step in range(1, reach + 1)
    )
    slope = slope / (2 * sum(step**2 for step in range(1, reach + 1)))
    return masked(slope, lengths)


def standardised_clips(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return clips with mean 0 and standard deviation 1 over all their frames and channels.

    A clip whose standard deviation is below `MIN_DEVIATION` is only shifted to mean 0.

    Parameters
    ----------
    values : Tensor of shape (batch, frames, channels)
        Zero in the padding.
    lengths : Tensor of shape (batch,), int64

    Returns
    -------
    Tensor of shape (batch, frames, channels)
        Zero in the padding.
    """
    count = lengths[:, None, None] * values.shape[2]
    shifted = values - values.sum(dim=(1, 2), keepdim=True) / count
    shifted = masked(shifted, lengths)
    deviation = (shifted.square().sum(dim=(1, 2), keepdim=True) / count).sqrt()
    return shifted / torch.where(deviation < MIN_DEVIATION, 1, deviation)


def output_lengths(lengths: torch.Tensor, layer: nn.Module) -> torch.Tensor:
    """Return the number of frames after a convolution or pooling layer over images."""
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
    """Return the output of a trunk for padded images; for each clip it is as without padding.

    Parameters
    ----------
    trunk : Sequential
        Convolutions, pooling layers without padding, and activations that map 0 to 0.
    image : Tensor of shape (batch, channels, rows, frames)
        Zero in the padding.
    lengths : Tensor of shape (batch,), int64
        Large enough that the trunk leaves at least one frame.

    Returns
    -------
    image : Tensor of shape (batch, channels, rows, frames)
        Zero in the padding.
    lengths : Tensor of shape (batch,), int64
        The new number of frames of each clip.
    """
    for layer in trunk:
        image, lengths = layer(image), output_lengths(lengths, layer)
        image = masked(image, lengths, dim=3)
    return image, lengths
