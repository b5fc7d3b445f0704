"""Compute the features of a pretrained encoder for one corpus under one augmentation."""

import os
from pathlib import Path

import pandas as pd

from serfusion import logs, registry
from serfusion.files import write_parquet_parts

logs.start(snakemake.log[0])
# What an encoder needs is in its folder. Read when transformers is imported.
os.environ["HF_HUB_OFFLINE"] = "1"
settings = dict(snakemake.params.settings)
features = registry.load("features", settings.pop("kind"))
weights = Path(snakemake.input.weights[0])
schema, parts = features.tables(
    pd.read_parquet(snakemake.input.clips),
    weights if weights.is_dir() else weights.parent,
    **settings,
    augmentation=snakemake.wildcards.augmentation,
    transform=snakemake.params.transform,
    workers=snakemake.threads,
)
write_parquet_parts(parts, schema, snakemake.output[0])
