"""AlexNet for 3-D mel spectrograms of any length (Mehran UET 2024).

AlexNet's convolutional trunk (Krizhevsky 2014) with torchvision's parameter names; one axis of its
images is time. The mean of its output over a clip is the clip's 256-dimensional vector. The third
dimension of the spectrograms is colour, as the abstract says, or static, delta and delta-delta
(Meng et al. 2019, doi:10.1109/ACCESS.2019.2938007).
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
            "The three channels of the image: `colour` has red, green and blue of the spectrogram "
            "drawn in colours; `deltas` has the spectrogram, its deltas and their deltas, each "
            "with mean 0 and standard deviation 1 over the clip."
        ),
    },
    "range_db": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 80,
        "description": "Range of the colours: decibels from a clip's loudest value to black.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.5,
        "description": "Dropout rate of the 256-dimensional vector, before the dense layer.",
    },
}
PRETRAINED_WEIGHTS = {
    "url": "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    "sha256": "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
    "size_bytes": 244_408_911,
}

MIN_SIZE = 63
"""Mel bands and frames that the trunk reduces to one."""


def trunk() -> nn.Sequential:
    """Return AlexNet's convolutions, 2,469,696 parameters, numbered as in torchvision."""
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
    """AlexNet's trunk, masked global average pooling, and a dense layer."""

    def __init__(self, classes: int, *, reading: str, range_db: float, dropout: float) -> None:
        super().__init__()
        self.reading, self.range_db = reading, range_db
        self.features = trunk()
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(256, classes))

    def image(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the trunk's input, shape (batch, 3, mels, frames), zero in the padding."""
        if self.reading == "colour":
            colours = colour_image(values, lengths, range_db=self.range_db)
            return masked(imagenet_normalised(colours), lengths, dim=3)
        first_deltas = deltas(values, lengths)
        channels = (values, first_deltas, deltas(first_deltas, lengths))
        images = [image_of(standardised_clips(channel, lengths)) for channel in channels]
        return torch.stack(images, dim=1)

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the vectors, shape (batch, 256), of decibels (batch, frames, mels)."""
        longest = max(int(lengths.max()), MIN_SIZE)
        values = to_length(values, longest)
        image = self.image(values, lengths).contiguous(memory_format=torch.channels_last)
        maps, map_lengths = masked_trunk(self.features, image, lengths.clamp(min=MIN_SIZE))
        return maps.sum(dim=(2, 3)) / (map_lengths[:, None] * maps.shape[2])

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for decibels of shape (batch, frames, mels)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> AlexNetMel3D:
    """Return AlexNet for log-mel spectrograms of `inputs` = [frames, mel bands].

    Raises
    ------
    Refusal
        If there are fewer mel bands than `MIN_SIZE`.
    """
    _, bands = inputs
    if bands < MIN_SIZE:
        raise Refusal(
            f"alexnet_mel3d needs at least {MIN_SIZE} mel bands, but its features have {bands}: "
            "set n_mels of its features higher."
        )
    return AlexNetMel3D(classes, **settings)
