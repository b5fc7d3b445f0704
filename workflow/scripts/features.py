"""Extract one feature set from one corpus under one augmentation."""

import pandas as pd

from serfusion import logs, registry
from serfusion.extraction.feature_table import feature_table
from serfusion.files import write_parquet

logs.start(snakemake.log[0])
settings = dict(snakemake.params.settings)
features = registry.load("features", settings.pop("kind"))
table = feature_table(
    pd.read_parquet(snakemake.input.clips),
    features,
    settings,
    augmentation=snakemake.wildcards.augmentation,
    transform=snakemake.params.transform,
    workers=snakemake.threads,
)
write_parquet(table, table.schema, snakemake.output[0])
