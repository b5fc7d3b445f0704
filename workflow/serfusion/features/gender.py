"""The speaker's gender as SER-FusionNet has it: male 1, female 0, and 0.5 where it is unknown."""

from collections.abc import Callable

import numpy as np

SETTINGS = {}

VALUES = {"male": 1.0, "female": 0.0}
UNKNOWN = 0.5


def names() -> list[str]:
    """Return the one column's name."""
    return ["gender"]


def extract(clip, load: Callable[[], np.ndarray]) -> np.ndarray:
    """Return the gender of the clip's speaker, shape (1,), float32; the audio is not read."""
    return np.array([VALUES.get(clip.gender, UNKNOWN)], dtype=np.float32)
