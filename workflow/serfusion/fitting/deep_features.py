"""The deep features of a trained extractor, as a feature table of its fold."""

import pandas as pd
import torch

from serfusion.fitting.checkpoints import Standardised, in_batches
from serfusion.fitting.rows import Rows


def deep_table(model: Standardised, rows: dict[str, Rows], device: torch.device) -> pd.DataFrame:
    """Return the deep features of all rows of a fold, computed on `device`.

    Returns
    -------
    DataFrame with columns `clip`, `augmentation`, `deep_0` …
    """
    parts = []
    model = model.to(device)
    for side in rows.values():
        values = in_batches(model.deep, side.inputs, device)
        columns = [f"deep_{i}" for i in range(values.shape[1])]
        parts.append(pd.concat([side.keys, pd.DataFrame(values, columns=columns)], axis=1))
    return pd.concat(parts, ignore_index=True)
