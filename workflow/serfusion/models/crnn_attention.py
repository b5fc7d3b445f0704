"""A small convolutional network with attentive pooling over time, optionally recurrent."""

import torch
from torch import nn

from serfusion.errors import Refusal
from serfusion.layers.masks import masked, to_length
from serfusion.layers.pooling import attentive_statistics
from serfusion.layers.recurrent import recurrent_states
from serfusion.layers.spec_augment import spec_augment

KIND = "network"
INPUT = "frames"
EXTRACTOR = True

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [16, 32, 64, 128],
        "description": "Channels of each convolutional block; each block halves frames and bands.",
    },
    "recurrent": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "Units per direction of a bidirectional GRU before pooling; 0 for no GRU.",
    },
    "attention": {
        "type": "integer",
        "minimum": 1,
        "default": 64,
        "description": "Hidden size of the attention over frames.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Dropout rate of the pooled features.",
    },
    "masks": {
        "type": "integer",
        "minimum": 0,
        "default": 2,
        "description": "SpecAugment masks per training clip, in time and as many in frequency.",
    },
    "mask_bands": {
        "type": "integer",
        "minimum": 0,
        "default": 10,
        "description": "Maximum width of a frequency mask, in bands.",
    },
    "mask_frames": {
        "type": "integer",
        "minimum": 0,
        "default": 20,
        "description": "Maximum width of a time mask, in frames.",
    },
}


class CRNNAttention(nn.Module):
    """Convolutional blocks, an optional recurrent layer, attentive pooling, and a dense layer.

    In training, parts of the spectrogram are masked (Park et al. 2019, "SpecAugment"). A block is a
    3 × 3 convolution, max-pooling by two, batch normalisation and ReLU; pooling comes second so
    that the rest works on a quarter of the values. Before each block the padding is set to zero,
    and pooling drops an odd last frame, so that the logits of a clip do not depend on other clips.
    (In training they do, as with any batch normalisation, and its moments include the padding.)
    The frames are pooled to their mean and standard deviation, weighted by an attention that the
    network learns (Okabe et al. 2018).
    """

    def __init__(
        self,
        bands: int,
        classes: int,
        *,
        channels: list[int],
        recurrent: int,
        attention: int,
        dropout: float,
        masks: int,
        mask_bands: int,
        mask_frames: int,
    ) -> None:
        super().__init__()
        self.masks = {"masks": masks, "bands": mask_bands, "frames": mask_frames}
        blocks, in_channels = [], 1
        for out_channels in channels:
            blocks.append(
                nn.Sequential(
                    nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
                    nn.MaxPool2d(2),
                    nn.BatchNorm2d(out_channels),
                    nn.ReLU(),
                )
            )
            in_channels, bands = out_channels, bands // 2
        self.blocks = nn.ModuleList(blocks).to(memory_format=torch.channels_last)
        size = in_channels * bands
        self.recurrent = (
            nn.GRU(size, recurrent, batch_first=True, bidirectional=True) if recurrent else None
        )
        size = 2 * recurrent or size
        self.weigh = nn.Sequential(nn.Linear(size, attention), nn.Tanh(), nn.Linear(attention, 1))
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * size, classes))

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the pooled features for values of shape (batch, frames, bands)."""
        lengths = lengths.clamp(min=2 ** len(self.blocks))
        values = to_length(values, int(lengths.max()))
        if self.training:
            values = spec_augment(values, lengths, **self.masks)
        images = values.unsqueeze(1)
        for block in self.blocks:
            lengths = lengths // 2
            images = masked(block(images), lengths, dim=2)
        frames = images.permute(0, 2, 1, 3).flatten(2)
        if self.recurrent is not None:
            frames = recurrent_states(self.recurrent, frames, lengths)
        attention_scores = self.weigh(frames).squeeze(2)
        return attentive_statistics(frames, attention_scores, lengths)

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for values of shape (batch, frames, bands)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> CRNNAttention:
    """Return the network for frames of `inputs[1]` bands and `classes` emotions.

    Raises
    ------
    Refusal
        If there are too few bands for every block to halve them.
    """
    blocks = len(settings["channels"])
    if inputs[1] < 2**blocks:
        raise Refusal(
            f"crnn_attention halves the bands in each of its {blocks} blocks and needs at least "
            f"{2**blocks} bands, but its features have {inputs[1]}: set fewer channels, or "
            "features with more bands."
        )
    return CRNNAttention(inputs[1], classes, **settings)
