"""SER-FusionNet's multilayer perceptron on the fused vector, with 12 and 10 hidden units."""

from torch import nn

KIND = "network"
INPUT = "vector"

SETTINGS = {
    "hidden": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "default": [12, 10],
        "description": "Sizes of the hidden layers.",
    },
}


def build(inputs: int, classes: int, *, hidden: list[int]) -> nn.Sequential:
    """Return the perceptron: dense layers with ReLU between them and no final activation.

    With hidden layers of 12 and 10 and 6 classes it has 700 parameters for 41 inputs, the number
    that the paper prints, and 676 for 39 inputs, the number of fused features in the paper.
    """
    layers: list[nn.Module] = []
    for size in hidden:
        layers += [nn.Linear(inputs, size), nn.ReLU()]
        inputs = size
    return nn.Sequential(*layers, nn.Linear(inputs, classes))
