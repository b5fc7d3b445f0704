"""Compute the features of a pretrained encoder for one corpus under one augmentation."""

import os

import pandas as pd

from serfusion import logs, registry
from serfusion.files import write_parquet_parts
from serfusion.study.encoder_weights import folder_of

logs.start(snakemake.log[0])
# What an encoder needs is in its folder. Read when transformers is imported.
os.environ["HF_HUB_OFFLINE"] = "1"
settings = dict(snakemake.params.settings)
features = registry.load("features", settings.pop("kind"))
schema, parts = features.tables(
    pd.read_parquet(snakemake.input.clips),
    folder_of(snakemake.input.weights[0]),
    **settings,
    augmentation=snakemake.wildcards.augmentation,
    transform=snakemake.params.transform,
    workers=snakemake.threads,
)
write_parquet_parts(parts, schema, snakemake.output[0])
