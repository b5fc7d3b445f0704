"""Compare models of one or more experiments with a baseline."""

from pathlib import Path

import pandas as pd

from serfusion import logs
from serfusion.evaluation.comparison import comparison_table
from serfusion.files import write_csv

logs.start(snakemake.log[0])
table = comparison_table(
    snakemake.params.arms,
    {Path(path).parent.name: pd.read_parquet(path) for path in snakemake.input.predictions},
    snakemake.params.seed,
)
write_csv(table, snakemake.output[0])
