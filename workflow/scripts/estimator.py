"""Fit one scikit-learn estimator on one fold, and write its predictions."""

import joblib
import pandas as pd

from serfusion import logs
from serfusion.files import atomic, write_json, write_parquet
from serfusion.fitting.adaptation import adapted
from serfusion.fitting.candidates import apply_candidate, chosen_candidate
from serfusion.fitting.estimators import fit, probabilities, refit
from serfusion.fitting.predictions import fold_schema, prediction_table
from serfusion.fitting.rows import read_fold
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
classes, rows = read_fold(snakemake.input, fold, snakemake.params.reading)
dataset = pd.read_parquet(snakemake.input.dataset)
rows, used = adapted(rows, dataset, snakemake.params.adapt, snakemake.params.seed)
chosen = chosen_candidate(snakemake.input.get("search"), snakemake.params.search)
rows = {role: role_rows.reading(chosen) for role, role_rows in rows.items()}
settings, training = apply_candidate(chosen, snakemake.params.settings, snakemake.params.training)
seed = seed_for(snakemake.params.seed, snakemake.wildcards.model, fold)
how = (snakemake.params.estimator, settings, training)
fitted, record = fit(rows, *how, seed=seed)
recorded = {role: role_rows.as_recorded() for role, role_rows in rows.items()}
predicted = probabilities(fitted, recorded, len(classes))
if training["refit"]:
    fitted, record = refit(fitted, record, rows, *how, seed=seed)
    unseen = predicted["validation"]
    predicted = probabilities(fitted, recorded, len(classes)) | {"validation": unseen}
predictions = prediction_table(recorded, predicted, classes)
with atomic(snakemake.output.model) as temporary:
    joblib.dump(fitted, temporary)
write_parquet(predictions, fold_schema(classes), snakemake.output.answers)
adaptation = {"adapted_by": used} if snakemake.params.adapt else {}
write_json(record | {"chosen": chosen} | adaptation, snakemake.output.record)
