"""SER-FusionNet's multilayer perceptron on the fused vector: 12, 10, then the classes."""

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
    """Return the perceptron: dense layers with ReLU between them, no activation at the end.

    With hidden layers of 12 and 10 and 6 classes it has 700 parameters on 41 inputs, as the
    published summary prints, and 676 on the 39 that the published features add up to.
    """
    layers: list[nn.Module] = []
    for size in hidden:
        layers += [nn.Linear(inputs, size), nn.ReLU()]
        inputs = size
    return nn.Sequential(*layers, nn.Linear(inputs, classes))
