"""SER-FusionNet's LSTM and, with `bidirectional`, its BiLSTM on the fused vector.

The vector is read as a sequence of single numbers, as Keras reads an input of shape (39, 1). The
paper does not state the sizes; these are ours.
"""

import torch
from torch import nn

KIND = "network"
INPUT = "vector"

SETTINGS = {
    "hidden": {
        "type": "integer",
        "minimum": 1,
        "default": 32,
        "description": "Size of the LSTM's hidden state, per direction.",
    },
    "bidirectional": {
        "type": "boolean",
        "default": False,
        "description": "Whether a second LSTM reads the vector backwards.",
    },
}


class SequenceLSTM(nn.Module):
    """An LSTM that reads a vector number by number, and a dense layer on its last state.

    An LSTM with a hidden state of size h has 4 (h + h² + 2 h) parameters, 4,480 by default. PyTorch
    has one bias for the input and one for the state, where Keras has a single bias and so 4 h
    parameters fewer. As in Keras, the biases of the forget gates start at 1, so that early numbers
    are not forgotten before training can learn their use.
    """

    def __init__(self, classes: int, *, hidden: int, bidirectional: bool) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True, bidirectional=bidirectional)
        for name, bias in self.lstm.named_parameters():
            if name.startswith("bias"):
                nn.init.zeros_(bias)
            if name.startswith("bias_ih"):
                nn.init.ones_(bias[hidden : 2 * hidden])
        self.classifier = nn.Linear(hidden * (1 + bidirectional), classes)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (batch, classes), for rows of shape (batch, inputs)."""
        _, (last, _) = self.lstm(rows[:, :, None])
        return self.classifier(last.transpose(0, 1).flatten(1))


def build(inputs: int, classes: int, **settings) -> SequenceLSTM:
    """Return the classifier; its number of parameters does not depend on `inputs`."""
    return SequenceLSTM(classes, **settings)
