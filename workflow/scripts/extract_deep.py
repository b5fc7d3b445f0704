"""Write the deep features that a trained extractor gives the clips of its fold."""

import pandas as pd
from serfusion import logs
from serfusion.checkpoints import load
from serfusion.deep import deep_table
from serfusion.feature_table import schema
from serfusion.files import write_parquet
from serfusion.rows import fold_rows, tables

logs.start(snakemake.log[0])
rows = fold_rows(
    pd.read_parquet(snakemake.input.dataset),
    pd.read_parquet(snakemake.input.folds),
    int(snakemake.wildcards.fold),
    tables(snakemake.input),
)
network, _ = load(snakemake.input.checkpoint)
table = deep_table(network, rows)
write_parquet(table, schema(table.columns[2:]), snakemake.output[0])
