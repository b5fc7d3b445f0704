"""Combine corpora into a dataset."""

import pandas as pd

from serfusion import logs
from serfusion.clips.dataset import combine
from serfusion.clips.indexing import SCHEMA
from serfusion.files import write_csv, write_parquet

logs.start(snakemake.log[0])
dataset, rejected = combine(
    [pd.read_parquet(path) for path in snakemake.input.clips],
    [pd.read_parquet(path) for path in snakemake.input.fingerprints],
    merge=snakemake.params.merge,
    keep=snakemake.params.keep,
    drop=snakemake.params.drop,
    missing_emotions=snakemake.params.missing_emotions,
    manifests=snakemake.params.manifests,
    shared_actors=snakemake.params.shared_actors,
)
write_parquet(dataset, SCHEMA, snakemake.output.clips)
write_csv(rejected, snakemake.output.rejected)
