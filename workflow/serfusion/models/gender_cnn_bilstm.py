"""A CNN and BiLSTM for each gender (Zhang et al. 2023).

Their "Deep Learning Method Using Gender-Specific Features for Emotion Recognition" (Sensors 23(3),
1355) predicts the speaker's gender with a perceptron, and then the emotion with a CNN and a BiLSTM
for that gender. Here CNN and BiLSTM are one network, and the gender comes from the corpus, as the
last column of the row. The sizes of the paper were not available to us; these are ours.
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
        "description": "Channels of each convolution over the vector; each one halves its length.",
    },
    "kernel_size": {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "Width of the convolution kernels, in numbers of the vector.",
    },
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of the LSTM's hidden state, per direction.",
    },
    "dropout": {
        "type": "number",
        "minimum": 0,
        "exclusiveMaximum": 1,
        "default": 0.3,
        "description": "Dropout rate before the LSTM and before the dense layer.",
    },
}

GENDERS = torch.tensor([0.0, 0.5, 1.0])
"""Female, unknown and male, as in `serfusion.features.gender`."""


class Branch(nn.Module):
    """Convolutions over a vector, a BiLSTM over their outputs, and a dense layer.

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
        """Return logits, shape (batch, classes), for rows of shape (batch, inputs)."""
        steps = self.convolutions(rows[:, None]).transpose(1, 2)
        _, (last, _) = self.lstm(steps)
        return self.classifier(last.transpose(0, 1).flatten(1))


class GenderCNNBiLSTM(nn.Module):
    """A branch for each gender; the last column of a row selects the branch.

    If the gender is unknown, the probabilities of the branches are averaged.
    """

    def __init__(self, classes: int, **settings) -> None:
        super().__init__()
        self.female = Branch(classes, **settings)
        self.male = Branch(classes, **settings)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities, shape (batch, classes), for rows of shape (batch, inputs)."""
        vector, male = rows[:, :-1], rows[:, -1:]
        if not torch.isin(male, GENDERS.to(male)).all():
            raise Refusal(
                "gender_cnn_bilstm: the last column of its rows is not a gender: end fuse with a "
                "feature set of the kind gender."
            )
        log_probabilities = torch.stack([self.female(vector), self.male(vector)]).log_softmax(
            dim=-1
        )
        shares = torch.stack([1 - male, male])
        return (log_probabilities + shares.log()).logsumexp(dim=0)


def build(inputs: int, classes: int, **settings) -> GenderCNNBiLSTM:
    """Return the network for rows of `inputs` numbers, the last of which is the gender.

    Raises
    ------
    Refusal
        If the gender is the only number.
    """
    if inputs < 2:
        raise Refusal(
            "gender_cnn_bilstm: its rows have only the gender: set features, and fuse the gender "
            "with them."
        )
    return GenderCNNBiLSTM(classes, **settings)
