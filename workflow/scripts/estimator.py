"""Fit one scikit-learn estimator on one fold, and write down its answers."""

import joblib

from serfusion import logs
from serfusion.files import atomic, write_json, write_parquet
from serfusion.fitting.candidates import applied, chosen
from serfusion.fitting.estimators import fit, probabilities
from serfusion.fitting.predictions import answers, fold_schema
from serfusion.fitting.rows import read_fold
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
names, rows = read_fold(snakemake.input, fold)
found = chosen(snakemake.input.get("search"), snakemake.params.search)
settings, training = applied(found, snakemake.params.settings, snakemake.params.training)
fitted, record = fit(
    rows,
    snakemake.params.estimator,
    settings,
    training,
    seed=seed_for(snakemake.params.seed, snakemake.wildcards.model, fold),
)
recorded = {role: side.as_recorded() for role, side in rows.items()}
given = probabilities(fitted, recorded, len(names))
with atomic(snakemake.output.model) as temporary:
    joblib.dump(fitted, temporary)
write_parquet(answers(recorded, given, names), fold_schema(names), snakemake.output.answers)
write_json(record | {"chosen": found}, snakemake.output.record)
