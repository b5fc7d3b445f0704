"""Pieces that several networks share. Sequences are (batch, time, …), with their own lengths."""

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from serfusion.masks import mask


def attentive_statistics(
    frames: torch.Tensor, scores: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return the weighted mean and standard deviation of each clip's own frames, side by side.

    Okabe et al. (2018), "Attentive statistics pooling for deep speaker embedding".

    Parameters
    ----------
    frames : Tensor of shape (batch, time, n)
    scores : Tensor of shape (batch, time)
        Whose softmax over a clip's own frames weighs them.
    lengths : Tensor of shape (batch,)

    Returns
    -------
    Tensor of shape (batch, 2 n)
    """
    scores = scores.masked_fill(~mask(lengths, frames.shape[1]), -torch.inf)
    weights = scores.softmax(dim=1).unsqueeze(2)
    mean = (weights * frames).sum(dim=1)
    variance = (weights * (frames - mean.unsqueeze(1)) ** 2).sum(dim=1)
    return torch.cat([mean, (variance + 1e-6).sqrt()], dim=1)


def packed(frames: torch.Tensor, lengths: torch.Tensor) -> PackedSequence:
    """Return frames (batch, time, n) as recurrent layers take them, each clip to its own end."""
    return pack_padded_sequence(frames, lengths.cpu(), batch_first=True, enforce_sorted=False)


def recurrent_states(
    layer: nn.RNNBase, frames: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """Return a recurrent layer's states, (batch, time, n), each way from a clip's own frames."""
    states, _ = layer(packed(frames, lengths))
    return pad_packed_sequence(states, batch_first=True, total_length=frames.shape[1])[0]


def spec_augment(
    values: torch.Tensor, lengths: torch.Tensor, *, masks: int, bands: int, frames: int
) -> torch.Tensor:
    """Return standardised spectrograms with stretches of time and of frequency at 0, their mean.

    Park et al. (2019), "SpecAugment". Of each clip, `masks` times a stretch of up to `frames` of
    its frames, and as often one of up to `bands` of its bands, drawn anew.

    Parameters
    ----------
    values : Tensor of shape (batch, time, bands)
    lengths : Tensor of shape (batch,)
    masks, bands, frames : int
    """
    size = torch.full_like(lengths, values.shape[2])
    for _ in range(masks):
        values = values.masked_fill(_stretch(lengths, frames, values.shape[1])[:, :, None], 0)
        values = values.masked_fill(_stretch(size, bands, values.shape[2])[:, None, :], 0)
    return values


def _stretch(lengths: torch.Tensor, longest: int, size: int) -> torch.Tensor:
    """Return a random stretch within each of `lengths`: bool, shape (batch, size)."""
    drawn = torch.rand(2, len(lengths), device=lengths.device)
    width = (drawn[0] * (torch.clamp(lengths, max=longest) + 1)).long()
    start = (drawn[1] * (lengths - width + 1)).long()[:, None]
    places = torch.arange(size, device=lengths.device)
    return (places >= start) & (places < start + width[:, None])


def mean_and_max(values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return mean and maximum over the frames that a clip has, shape (batch, 2 × channels).

    Parameters
    ----------
    values : tensor of shape (batch, channels, frames)
        Zero beyond each clip's length.
    lengths : tensor of shape (batch,), int64
    """
    beyond = ~mask(lengths, values.shape[-1])[:, None]
    mean = values.sum(dim=-1) / lengths[:, None]
    return torch.cat([mean, values.masked_fill(beyond, -torch.inf).amax(dim=-1)], dim=1)


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation over the frames that clips have, whatever they are padded to."""

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return values, shape (batch, channels, frames), normalised; zeros beyond the lengths."""
        valid = mask(lengths, values.shape[-1])
        by_frame = values.transpose(1, 2)
        normalised = torch.zeros_like(by_frame)
        normalised[valid] = super().forward(by_frame[valid])
        return normalised.transpose(1, 2)


class FrameConvolution(nn.Module):
    """Convolution over time, batch normalisation, ReLU, and the greater of every two frames.

    Nothing beyond a clip's length reaches what is within: values are zero there when they come in
    and when they go out, and an odd last frame is kept, so that `n` frames become (n + 1) // 2
    whatever the clip is padded to.
    """

    def __init__(self, inputs: int, outputs: int, kernel_size: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(inputs, outputs, kernel_size, padding="same", bias=False)
        self.norm = FrameNorm(outputs)
        self.pool = nn.MaxPool1d(2, ceil_mode=True)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return values of shape (batch, outputs, half the frames), and the halved lengths."""
        values = self.norm(self.convolution(values), lengths).relu()
        return self.pool(values), (lengths + 1) // 2


class FrameConvolutions(nn.Module):
    """`FrameConvolution` after `FrameConvolution`, from frames to channels first."""

    def __init__(self, inputs: int, channels: list[int], kernel_size: int) -> None:
        super().__init__()
        pairs = zip([inputs, *channels], channels, strict=False)
        self.layers = nn.ModuleList(FrameConvolution(*pair, kernel_size) for pair in pairs)

    def forward(
        self, values: torch.Tensor, lengths: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, channels, fewer frames) for (batch, frames, inputs), and the lengths."""
        values = values.transpose(1, 2)
        for layer in self.layers:
            values, lengths = layer(values, lengths)
        return values, lengths


class Extractor(nn.Module):
    """SER-FusionNet's kind of extractor: `extractor`, to the deep features, and `classifier`.

    Parameters
    ----------
    convolutions : list of Module
    flat : int
        How many numbers they leave of a clip.
    classes, deep_features, hidden : int
        Sizes of the dense layers: the deep features', the next, and the emotions'.
    dropout : float
        Share of activations dropped before each.
    """

    def __init__(
        self,
        convolutions: list[nn.Module],
        flat: int,
        classes: int,
        *,
        deep_features: int,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.extractor = nn.Sequential(
            *convolutions,
            nn.Dropout(dropout),
            nn.Flatten(),
            nn.Linear(flat, deep_features),
            nn.ReLU(),
        ).to(memory_format=torch.channels_last)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(deep_features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )
