"""The common base of SER-FusionNet's two extractors."""

import torch
from torch import nn


class Extractor(nn.Module):
    """Convolutions and a dense layer for the deep features, and two dense layers for the classes.

    `extractor` computes the deep features, and `classifier` the logits from them.

    Parameters
    ----------
    convolutions : list of Module
    flat : int
        The number of outputs of the convolutions for one clip.
    classes : int
    deep_features, hidden : int
        Sizes of the dense layers before the output layer, in this order.
    dropout : float
        Dropout rate before each of the three dense layers.
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
