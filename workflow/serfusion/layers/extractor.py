"""What SER-FusionNet's two extractors have in common."""

import torch
from torch import nn


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
