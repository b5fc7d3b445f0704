"""scikit-learn's multilayer perceptron, with Adam and ReLU."""

from sklearn.neural_network import MLPClassifier

KIND = "estimator"

SETTINGS = {
    "hidden": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 1,
        "default": [100],
        "description": "Sizes of the hidden layers.",
    },
    "alpha": {
        "type": "number",
        "minimum": 0,
        "default": 0.01,
        "description": "Strength of the L2 penalty.",
    },
    "learning_rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.001,
        "description": "Adam's learning rate.",
    },
    "batch_size": {
        "type": "integer",
        "minimum": 1,
        "default": 200,
        "description": "Rows per optimiser step; all rows if there are fewer.",
    },
    "epochs": {
        "type": "integer",
        "minimum": 1,
        "default": 100,
        "description": (
            "Maximum number of epochs; training stops earlier when the training loss has not "
            "fallen for ten epochs."
        ),
    },
}


def build(
    seed: int,
    *,
    hidden: list[int],
    alpha: float,
    learning_rate: float,
    batch_size: int,
    epochs: int,
) -> MLPClassifier:
    """Return the classifier; `seed` draws the initial weights and the order of the rows.

    Early stopping is off: scikit-learn would hold out random training rows for it, and those are
    augmented copies of clips in the remaining rows.
    """
    return MLPClassifier(
        hidden_layer_sizes=tuple(hidden),
        alpha=alpha,
        learning_rate_init=learning_rate,
        batch_size=batch_size,
        max_iter=epochs,
        early_stopping=False,
        random_state=seed,
    )


def parameter_count(fitted: MLPClassifier) -> int:
    """Return how many numbers it holds: the weights and biases of every layer."""
    return sum(layer.size for layer in (*fitted.coefs_, *fitted.intercepts_))
