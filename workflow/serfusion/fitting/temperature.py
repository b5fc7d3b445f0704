"""Probabilities for classifiers that give scores: a softmax at the temperature that suits best."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin

LOG_TEMPERATURES = (-7.0, 7.0)
LEAST_PROBABILITY = 1e-3
"""What a probability of a classifier that gives no scores counts at least.

Trees and nearest neighbours say 0 of a class that none of a few rows is of, which proves little;
naive Bayes and perceptrons say it too, though less often.
"""


@dataclass(frozen=True)
class Calibrated:
    """A fitted classifier and the temperature of its scores.

    scikit-learn's own temperature scaling wants every class among the clips that it is fitted on,
    which a few validation actors cannot promise.

    Attributes
    ----------
    classifier : ClassifierMixin
    temperature : float
    """

    classifier: ClassifierMixin
    temperature: float

    def predict_proba(self, values: np.ndarray, classes: int) -> np.ndarray:
        """Return probabilities of shape (rows, classes); a class it never saw has 0."""
        given = np.zeros((len(values), classes))
        given[:, self.classifier.classes_] = softmax(
            scores(self.classifier, values) / self.temperature, axis=1
        )
        return given


def scores(classifier: ClassifierMixin, values: np.ndarray) -> np.ndarray:
    """Return a score per class, shape (rows, classes seen), whose largest is the decision."""
    if not hasattr(classifier, "decision_function"):
        return np.log(np.clip(classifier.predict_proba(values), LEAST_PROBABILITY, None))
    given = classifier.decision_function(values)
    return given if given.ndim == 2 else np.stack([-given, given], axis=1) / 2


def calibrate(classifier: ClassifierMixin, values: np.ndarray, targets: np.ndarray) -> Calibrated:
    """Return `classifier` with the temperature that makes `targets` most likely.

    Guo et al. (2017), "On calibration of modern neural networks". Decisions stay as they are.

    Parameters
    ----------
    classifier : ClassifierMixin
        Fitted, on targets that are class indices.
    values, targets : ndarray of shape (rows, columns) and (rows,)
        Clips that it was not fitted on. Those of a class that it never saw do not count.
    """
    seen = np.isin(targets, classifier.classes_)
    given = scores(classifier, values[seen])
    truth = np.searchsorted(classifier.classes_, targets[seen])

    def loss(log_temperature: float) -> float:
        likelihoods = log_softmax(given / np.exp(log_temperature), axis=1)
        return -likelihoods[np.arange(len(truth)), truth].mean()

    best = minimize_scalar(loss, bounds=LOG_TEMPERATURES, method="bounded")
    return Calibrated(classifier, float(np.exp(best.x)))
