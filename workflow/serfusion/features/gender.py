"""The gender of the speaker, coded as in SER-FusionNet: male 1, female 0, unknown 0.5."""

from collections.abc import Callable

import numpy as np

SETTINGS = {}

VALUES = {"male": 1.0, "female": 0.0}
UNKNOWN = 0.5


def names() -> list[str]:
    """Return the name of the only column."""
    return ["gender"]


def extract(clip, load: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the gender of the speaker of a clip, shape (1,), float32, without reading audio."""
    return np.array([VALUES.get(clip.gender, UNKNOWN)], dtype=np.float32)
