"""Temperature scaling: probabilities from the decision scores of a classifier."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin

LOG_TEMPERATURE_BOUNDS = (-7.0, 7.0)
MIN_PROBABILITY = 1e-3
"""The lowest probability that is believed of a classifier without decision scores.

Trees and nearest neighbours give probability 0 to a class that is absent from a few training rows,
which is weak evidence. Naive Bayes and perceptrons do so too, though less often.
"""


@dataclass(frozen=True)
class TemperatureScaled:
    """A fitted classifier and the temperature that divides its decision scores.

    scikit-learn's own temperature scaling requires every class among the rows that it is fitted
    on, which the clips of a few validation actors cannot guarantee.

    Attributes
    ----------
    classifier : ClassifierMixin
    temperature : float
    """

    classifier: ClassifierMixin
    temperature: float

    def predict_proba(self, values: np.ndarray, class_count: int) -> np.ndarray:
        """Return the probability of every class for each row.

        Parameters
        ----------
        values : ndarray of shape (rows, columns)
        class_count : int

        Returns
        -------
        ndarray of shape (rows, class_count), float64
            0 for a class that the classifier was not trained on.
        """
        probabilities = np.zeros((len(values), class_count))
        probabilities[:, self.classifier.classes_] = softmax(
            decision_scores(self.classifier, values) / self.temperature, axis=1
        )
        return probabilities


def decision_scores(classifier: ClassifierMixin, values: np.ndarray) -> np.ndarray:
    """Return one score per class and row; the classifier decides for the highest.

    They are the classifier's decision function, or the logarithm of its probabilities if it has
    none.

    Parameters
    ----------
    classifier : ClassifierMixin
        Fitted.
    values : ndarray of shape (rows, columns)

    Returns
    -------
    ndarray of shape (rows, classes that the classifier was trained on), float64
    """
    if not hasattr(classifier, "decision_function"):
        return np.log(np.clip(classifier.predict_proba(values), MIN_PROBABILITY, None))
    scores = classifier.decision_function(values)
    return scores if scores.ndim == 2 else np.stack([-scores, scores], axis=1) / 2


def fit_temperature(
    classifier: ClassifierMixin, values: np.ndarray, targets: np.ndarray
) -> TemperatureScaled:
    """Return `classifier` with the temperature under which `targets` are most likely.

    Guo et al. (2017), "On calibration of modern neural networks". The decisions do not change.

    Parameters
    ----------
    classifier : ClassifierMixin
        Fitted, on targets that are class indices.
    values, targets : ndarray of shape (rows, columns) and (rows,)
        Rows that the classifier was not fitted on. Rows of a class that it was not trained on are
        ignored.
    """
    usable = np.isin(targets, classifier.classes_)
    scores = decision_scores(classifier, values[usable])
    columns = np.searchsorted(classifier.classes_, targets[usable])
    return TemperatureScaled(classifier, best_temperature(scores, columns))


def best_temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """Return the temperature under which the targets are most likely.

    Parameters
    ----------
    scores : ndarray of shape (rows, classes)
    targets : ndarray of shape (rows,)
        The column of the true class of each row.
    """

    def loss(log_temperature: float) -> float:
        log_probabilities = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -log_probabilities[np.arange(len(targets)), targets].mean()

    optimum = minimize_scalar(loss, bounds=LOG_TEMPERATURE_BOUNDS, method="bounded")
    return float(np.exp(optimum.x))
