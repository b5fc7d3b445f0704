"""One CNN and BiLSTM for each gender: Zhang et al. (2023).

Their "Deep Learning Method Using Gender-Specific Features for Emotion Recognition" (Sensors 23(3),
1355) tells the speaker's gender by a perceptron, and then the emotion by networks of that gender,
a CNN and a BiLSTM. Here they are one network, and the gender is the corpus's own, the last column
of the row. The paper's sizes were not at hand: those here are ours.
"""

import torch
from torch import nn

from serfusion.errors import Refusal

KIND = "network"
INPUT = "vector"
AS_IS = 1

SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [32, 64],
        "description": "Channels of a branch's convolutions over the vector; each halves it.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Numbers of the vector that a convolution sees at once.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of a branch's LSTM's state, in each direction.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Share of activations dropped before the LSTM and before the dense layer.",
    },
}

GENDERS = torch.tensor([0.0, 0.5, 1.0])
"""Female, unknown and male, as `serfusion.features.gender` has them."""


class Branch(nn.Module):
    """Convolutions over a vector, a BiLSTM over what they leave, and a dense layer.

    With the default settings and 6 classes it has 35,974 parameters, whatever the vector's length:
    192 + 10,304 in the convolutions, 25,088 in the BiLSTM, 390 in the dense layer.
    """

    def __init__(
        self, classes: int, *, channels: list[int], kernel_size: int, hidden: int, dropout: float
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip([1, *channels], channels, strict=False):
            layers += [
                nn.Conv1d(inputs, outputs, kernel_size, padding="same"),
                nn.ReLU(),
                nn.MaxPool1d(2, ceil_mode=True),
            ]
        self.convolutions = nn.Sequential(*layers, nn.Dropout(dropout))
        self.lstm = nn.LSTM(channels[-1], hidden, batch_first=True, bidirectional=True)
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * hidden, classes))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (batch, classes) for rows of shape (batch, inputs)."""
        steps = self.convolutions(rows[:, None]).transpose(1, 2)
        _, (last, _) = self.lstm(steps)
        return self.classifier(last.transpose(0, 1).flatten(1))


class GenderCNNBiLSTM(nn.Module):
    """Two branches of one form, of which the clip's gender, its last number, chooses one.

    Where the gender is unknown the branches' probabilities are averaged.
    """

    def __init__(self, classes: int, **settings) -> None:
        super().__init__()
        self.female = Branch(classes, **settings)
        self.male = Branch(classes, **settings)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities of shape (batch, classes) for rows of shape (batch, inputs)."""
        vector, male = rows[:, :-1], rows[:, -1:]
        if not torch.isin(male, GENDERS.to(male)).all():
            raise Refusal(
                "gender_cnn_bilstm: the last column of its rows is no gender; let fuse end with "
                "a feature set of the kind gender."
            )
        branches = torch.stack([self.female(vector), self.male(vector)]).log_softmax(dim=-1)
        shares = torch.stack([1 - male, male])
        return (branches + shares.log()).logsumexp(dim=0)


def build(inputs: int, classes: int, **settings) -> GenderCNNBiLSTM:
    """Return the network for rows of `inputs` numbers, the last of which is the gender.

    Raises
    ------
    Refusal
        If there is no number beside the gender.
    """
    if inputs < 2:
        raise Refusal(
            "gender_cnn_bilstm: there is nothing beside the gender; give it a feature set and fuse."
        )
    return GenderCNNBiLSTM(classes, **settings)
