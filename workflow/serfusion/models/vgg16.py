"""VGG16 on spectrogram images, the transfer learning that SER-FusionNet is compared with.

The convolutional trunk of Simonyan and Zisserman (2015), configuration D, with torchvision's
parameter names. Global average pooling and two small dense layers replace the published classifier.
"""

import torch
from torch import nn
from torch.nn.functional import interpolate

from serfusion.errors import Refusal
from serfusion.layers.images import colour_image, imagenet_normalised

KIND = "network"
INPUT = "frames"
EXTRACTOR = True
STANDARDISED = False

SETTINGS = {
    "weights": {"$ref": "#/$defs/weights"},
    "weights_url": {"$ref": "#/$defs/weights_url"},
    "trainable": {
        "enum": ["all", "last_block", "none"],
        "default": "all",
        "description": (
            "The convolutions that are trained: all thirteen, the last three, or none. The dense "
            "layers are always trained."
        ),
    },
    "range_db": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 80,
        "description": "Range of the colours: decibels from a clip's loudest value to black.",
    },
    "image_size": {
        "type": ["integer", "null"],
        "minimum": 32,
        "default": None,
        "description": "Height and width that images are resized to; null keeps bands and frames.",
    },
    "deep_features": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Number of deep features: the size of the dense layer that fusion uses.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.5,
        "description": "Dropout rate before each dense layer.",
    },
}
PRETRAINED_WEIGHTS = {
    "url": "https://download.pytorch.org/models/vgg16-397923af.pth",
    "sha256": "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
    "size_bytes": 553_433_881,
}

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions of each block."""

LAST_BLOCK = 24
"""The index of the last block's first layer."""

MIN_SIZE = 32
"""Bands and frames that the trunk reduces to one."""


def trunk() -> nn.Sequential:
    """Return VGG16's convolutions, 14,714,688 parameters, numbered as in torchvision."""
    layers: list[nn.Module] = []
    channels = 3
    for block in BLOCKS:
        for width in block:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            nn.init.kaiming_normal_(layers[-2].weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layers[-2].bias)
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


class VGG16(nn.Module):
    """VGG16's trunk with a small classifier."""

    def __init__(
        self,
        classes: int,
        *,
        trainable: str,
        range_db: float,
        image_size: int | None,
        deep_features: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.range_db, self.image_size = range_db, image_size
        self.features = trunk()
        frozen = {"all": 0, "last_block": LAST_BLOCK, "none": len(self.features)}[trainable]
        self.features[:frozen].requires_grad_(False)
        channels = BLOCKS[-1][-1]
        self.extractor = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(channels, deep_features), nn.ReLU()
        )
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(deep_features, classes))

    def image(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the trunk's input, shape (batch, 3, height, width)."""
        image = imagenet_normalised(colour_image(values, lengths, range_db=self.range_db))
        if self.image_size is None:
            return image
        return interpolate(image, size=(self.image_size, self.image_size), mode="bilinear")

    def deep(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return the deep features, shape (batch, deep_features), for decibels and lengths."""
        image = self.image(values, lengths).contiguous(memory_format=torch.channels_last)
        return self.extractor(self.features(image).mean(dim=(2, 3)))

    def forward(self, values: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for decibels of shape (batch, frames, mels)."""
        return self.classifier(self.deep(values, lengths))


def build(inputs: list[int], classes: int, **settings) -> VGG16:
    """Return VGG16 for log-mel spectrograms of `inputs` = [frames, mel bands].

    Raises
    ------
    Refusal
        If the images are too small for the trunk, which halves them five times.
    """
    frames, bands = inputs
    if settings["image_size"] is None and min(frames, bands) < MIN_SIZE:
        raise Refusal(
            f"vgg16 needs images of at least {MIN_SIZE} × {MIN_SIZE}, but its features have "
            f"{frames} frames of {bands} bands: set more of them, or set image_size."
        )
    return VGG16(classes, **settings)
