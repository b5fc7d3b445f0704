"""Some answers of three trained models to RAVDESS, as real as answers are."""

from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "fragments"

FRAGMENT = pd.read_csv(FOLDER / "answers.csv")
"""A column for each model."""

MODELS = ["crnn_attention", "cnn1d_frames", "logistic_regression"]
NAMES = sorted(FRAGMENT["emotion"].unique())


def long(wide: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Return a row per model and clip, as `predictions.parquet` has them."""
    return wide.melt(
        ["clip", "actor", "fold", "emotion"], models, var_name="model", value_name="predicted"
    )


ANSWERS = long(FRAGMENT, MODELS)

CERTAIN = ANSWERS[ANSWERS["model"] == "crnn_attention"].merge(
    pd.read_csv(FOLDER / "probabilities.csv"), on="clip", validate="one_to_one"
)
"""One model's answers with the probability of each emotion, to four digits."""
