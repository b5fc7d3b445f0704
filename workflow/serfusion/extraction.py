"""From a corpus's clips to one feature table: clip × augmentation."""

from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd

from serfusion.audio import read_window
from serfusion.augmentation import augment
from serfusion.errors import Refusal
from serfusion.parallel import over_clips


def feature_table(
    clips: pd.DataFrame,
    features: ModuleType,
    settings: dict,
    *,
    augmentation: str,
    change: dict | None,
    workers: int,
) -> pd.DataFrame:
    """Return the features of every clip under one augmentation.

    Parameters
    ----------
    clips : DataFrame
        Rows of a corpus's clip table.
    features : module
        One of `serfusion.features`.
    settings : dict
        The feature set's settings.
    augmentation : str
        The name that the table's rows bear.
    change : dict or None
        `kind`, strength and perhaps `seed` of the augmentation; None leaves the clips as they are.
    workers : int
        Processes to compute with.

    Returns
    -------
    DataFrame with columns `clip`, `augmentation` and the features' names, in the clips' order

    Raises
    ------
    Refusal
        If a feature of a clip is not a finite number, or a clip's file has gone.
    """
    columns = features.names(**settings)
    rows = [SimpleNamespace(**row) for row in clips.to_dict("records")]
    one = partial(_extract, features.extract, settings, change)
    what = f"{features.__name__.rpartition('.')[2]} of {augmentation}"
    values = np.stack(over_clips(one, rows, workers=workers, what=what))
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise Refusal(
            f"{rows[int(bad.argmax())].path}: a feature of {what} is not a finite number; "
            "take the file out of its corpus, or change the window."
        )
    table = pd.DataFrame(values, columns=columns)
    table.insert(0, "clip", clips["clip"].to_numpy())
    table.insert(1, "augmentation", augmentation)
    return table


def _extract(extract: Callable, settings: dict, change: dict | None, clip) -> np.ndarray:
    def load() -> np.ndarray:
        rate = settings["sample_rate_hz"]
        samples = read_window(
            clip.path,
            sample_rate_hz=rate,
            offset_s=settings["offset_s"],
            duration_s=settings["duration_s"],
        )
        if change is None:
            return samples
        return augment(samples, rate, clip=clip.clip, **change)

    return extract(clip, load, **settings)
