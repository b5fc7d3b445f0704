"""Combine corpora into a dataset."""

import pandas as pd

from serfusion import logs
from serfusion.dataset import combine
from serfusion.files import write_parquet
from serfusion.indexing import SCHEMA

logs.start(snakemake.log[0])
dataset = combine(
    [pd.read_parquet(path) for path in snakemake.input.clips],
    merge=snakemake.params.merge,
    keep=snakemake.params.keep,
    drop=snakemake.params.drop,
    elsewhere=snakemake.params.elsewhere,
)
write_parquet(dataset, SCHEMA, snakemake.output[0])
