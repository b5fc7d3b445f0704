"""Fit one scikit-learn estimator on one fold, and write down its answers."""

import joblib
import pandas as pd
from serfusion import logs
from serfusion.dataset import classes
from serfusion.estimators import fit, probabilities
from serfusion.files import atomic, write_json, write_parquet
from serfusion.predictions import answers, fold_schema
from serfusion.rows import fold_rows, tables
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
dataset = pd.read_parquet(snakemake.input.dataset)
fold = int(snakemake.wildcards.fold)
rows = fold_rows(dataset, pd.read_parquet(snakemake.input.folds), fold, tables(snakemake.input))
names = classes(dataset)
fitted, record = fit(
    rows,
    snakemake.params.estimator,
    snakemake.params.settings,
    seed=seed_for(snakemake.params.seed, snakemake.wildcards.model, fold),
)
given = answers(rows, probabilities(fitted, rows, len(names)), names)
with atomic(snakemake.output.model) as temporary:
    joblib.dump(fitted, temporary)
write_parquet(given, fold_schema(names), snakemake.output.answers)
write_json(record, snakemake.output.record)
