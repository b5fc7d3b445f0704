"""AlexNet modified for signals of any length, fed 3-D mel spectrograms (Mehran UET 2024).

AlexNet's convolutional trunk under torchvision's parameter names (Krizhevsky 2014), time being one
axis of its images; the mean over what a clip leaves of them is its 256-dimensional vector. The
third dimension is colour, as the abstract says, or static, delta and delta-delta (Meng et al. 2019,
doi:10.1109/ACCESS.2019.2938007).
"""

import torch
from torch import nn

from serfusion.errors import Refusal
from serfusion.layers.images import (
    colour_image,
    deltas,
    image_of,
    imagenet_normalised,
    masked_trunk,
    standardised_clips,
)
from serfusion.layers.masks import masked, to_length

KIND = "network"
INPUT = "frames"
EXTRACTOR = True
STANDARDISED = False

SETTINGS = {
    "weights": {"$ref": "#/$defs/weights"},
    "weights_url": {"$ref": "#/$defs/weights_url"},
    "reading": {
        "enum": ["colour", "deltas"],
        "default": "colour",
        "description": (
            "What the three channels are: the red, green and blue of the colour-mapped image; or "
            "the spectrogram, its deltas and theirs, each with mean 0 and deviation 1 in a clip."
        ),
    },
    "range_db": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 80,
        "description": "Of colour, decibels from a clip's loudest value to the darkest colour.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.5,
        "description": "Share of the 256-dimensional vector dropped before the dense layer.",
    },
}
WEIGHTS = {
    "url": "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    "sha256": "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
    "size_bytes": 244_408_911,
}

LEAST = 63
"""Rows and frames of which the trunk leaves one."""


def trunk() -> nn.Sequential:
    """Return AlexNet's convolutions, 2,469,696 parameters, as torchvision numbers them."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, stride=4, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(64, 192, 5, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(192, 384, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(256, 256, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, stride=2),
    ).to(memory_format=torch.channels_last)


class AlexNetMel3D(nn.Module):
    """The trunk, masked global average pooling, and a dense layer to the emotions."""

    def __init__(self, classes: int, *, reading: str, range_db: float, dropout: float) -> None:
        super().__init__()
        self.reading, self.range_db = reading, range_db
        self.features = trunk()
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(256, classes))

    def image(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return what the trunk sees, shape (batch, 3, mels, frames); 0 beyond each length."""
        if self.reading == "colour":
            colours = colour_image(values, lengths, range_db=self.range_db)
            return masked(imagenet_normalised(colours), lengths, dim=3)
        first = deltas(values, lengths)
        channels = (values, first, deltas(first, lengths))
        return torch.stack([image_of(standardised_clips(c, lengths)) for c in channels], dim=1)

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the 256-dimensional vectors, shape (batch, 256), of decibels and lengths."""
        longest = max(int(lengths.max()), LEAST)
        values = to_length(values, longest)
        image = self.image(values, lengths).contiguous(memory_format=torch.channels_last)
        maps, left = masked_trunk(self.features, image, lengths.clamp(min=LEAST))
        return maps.sum(dim=(2, 3)) / (left[:, None] * maps.shape[2])

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), of decibels (batch, frames, mels) and lengths."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> AlexNetMel3D:
    """Return AlexNet for log-mel spectrograms of `inputs` = [frames, mel bands].

    Raises
    ------
    Refusal
        If there are too few bands for the trunk.
    """
    _, bands = inputs
    if bands < LEAST:
        raise Refusal(
            f"alexnet_mel3d takes at least {LEAST} mel bands, and its features have {bands}: set "
            "their n_mels higher."
        )
    return AlexNetMel3D(classes, **settings)
