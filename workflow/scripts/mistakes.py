"""Collect the most confident mistakes of the best model of an experiment, with their audio."""

import pandas as pd

from serfusion import logs
from serfusion.files import read_csv, write_json
from serfusion.report.experiment.mistakes import collect

logs.start(snakemake.log[0])
mistakes = collect(
    pd.read_parquet(snakemake.input.predictions),
    read_csv(snakemake.input.metrics),
    pd.read_parquet(snakemake.input.dataset),
    models=snakemake.params.models,
    count=snakemake.params.shown,
    embedded=snakemake.params.embedded,
)
write_json(mistakes, snakemake.output[0])
