"""Rows of three emotions that a model learns quickly, and the settings to fit it with."""

import numpy as np
import pandas as pd

from networks import MIN_INPUTS, defaults, reads_frames, vector_inputs
from serfusion.fitting import estimators
from serfusion.fitting.rows import Rows
from serfusion.study.schema import schema

NAMES = ["angry", "happy", "sad"]


def random_rows(count: int, role: str, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    targets = random.integers(0, 3, count)
    values = random.normal(0, 1.5, (count, 12)).astype(np.float32) + 2 * targets[:, None]
    values[:, -1] = np.arange(count) % 2
    keys = pd.DataFrame({"clip": [f"{role}/{n}" for n in range(count)], "augmentation": "original"})
    return Rows(keys, values.astype(np.float32), targets)


def settings(**changes) -> dict:
    properties = schema()["$defs"]["network"]["properties"]
    defaults = {key: value["default"] for key, value in properties.items() if "default" in value}
    return defaults | {"balance": "none", "epochs": 6, "threads": 1, "accelerator": "cpu"} | changes


def description(name="mlp", **changes) -> dict:
    inputs = MIN_INPUTS.get(name, [30, 16]) if reads_frames(name) else vector_inputs(name, 12)
    hyperparameters = defaults(name, **changes)
    return {"network": name, "inputs": inputs, "classes": NAMES, "settings": hyperparameters}


def fit_estimator(rows_by_role, name, settings, *, balance="none", seed=17):
    return estimators.fit(rows_by_role, name, settings, {"balance": balance}, seed=seed)
