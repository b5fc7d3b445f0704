"""Shuffle the emotions of one model's training and validation clips in one fold."""

import pandas as pd

from serfusion import logs
from serfusion.files import write_parquet
from serfusion.protocol.permuted_labels import SCHEMA, permute_labels

logs.start(snakemake.log[0])
labels = permute_labels(
    pd.read_parquet(snakemake.input.dataset),
    pd.read_parquet(snakemake.input.folds),
    int(snakemake.wildcards.fold),
    snakemake.wildcards.model,
    snakemake.params.seed,
)
write_parquet(labels, SCHEMA, snakemake.output[0])
