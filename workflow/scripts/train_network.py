"""Train one network on one fold, and write down its answers."""

import pandas as pd
from serfusion import logs
from serfusion.dataset import classes
from serfusion.files import write_csv, write_json, write_parquet
from serfusion.predictions import answers, fold_schema
from serfusion.rows import fold_rows, tables
from serfusion.seeds import seed_for
from serfusion.training import fit, probabilities

logs.start(snakemake.log[0])
dataset = pd.read_parquet(snakemake.input.dataset)
fold = int(snakemake.wildcards.fold)
rows = fold_rows(dataset, pd.read_parquet(snakemake.input.folds), fold, tables(snakemake.input))
names = classes(dataset)
fitted = fit(
    rows,
    {
        "network": snakemake.params.network,
        "inputs": rows["train"].values.shape[1],
        "classes": names,
        "settings": snakemake.params.settings,
    },
    snakemake.params.training,
    seed=seed_for(snakemake.params.seed, snakemake.wildcards.model, fold),
    checkpoint=snakemake.output.checkpoint,
)
given = answers(rows, probabilities(fitted.model, rows), names)
write_csv(fitted.curves, snakemake.output.curves)
write_parquet(given, fold_schema(names), snakemake.output.answers)
write_json(fitted.record, snakemake.output.record)
