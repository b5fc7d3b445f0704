"""The deep features of a trained extractor, as a feature table of its fold."""

import pandas as pd
import torch

from serfusion.fitting.checkpoints import Standardised, in_batches
from serfusion.fitting.rows import Rows


def deep_table(network: Standardised, rows: dict[str, Rows], device: torch.device) -> pd.DataFrame:
    """Return the deep features of all rows of a fold.

    Parameters
    ----------
    network : Standardised
        An extractor; it is moved to `device`.
    rows : dict of Rows
        The rows of each role.
    device : torch.device
        Where they are computed.

    Returns
    -------
    DataFrame with columns `clip`, `augmentation`, `deep_0` …
    """
    parts = []
    network = network.to(device)
    for role_rows in rows.values():
        values = in_batches(network.deep, role_rows.inputs, device)
        columns = [f"deep_{i}" for i in range(values.shape[1])]
        parts.append(pd.concat([role_rows.keys, pd.DataFrame(values, columns=columns)], axis=1))
    return pd.concat(parts, ignore_index=True)
