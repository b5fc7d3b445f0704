"""The shape of a feature table: a row per clip × augmentation, a column per feature."""

import pyarrow as pa

KEYS = ["clip", "augmentation"]


def schema(columns: list[str]) -> pa.Schema:
    """Return the Arrow schema of a feature table with these features."""
    keys = [(key, pa.string()) for key in KEYS]
    return pa.schema(keys + [(name, pa.float32()) for name in columns])
