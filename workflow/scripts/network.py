"""Train one network on one fold, and write its predictions."""

import pandas as pd

from serfusion import logs
from serfusion.files import write_csv, write_json, write_parquet
from serfusion.fitting.adaptation import adapted
from serfusion.fitting.candidates import apply_candidate, chosen_candidate
from serfusion.fitting.networks import describe, fit, probabilities
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
initial_weights = next(iter(snakemake.input.weights), None)
settings, training = apply_candidate(chosen, snakemake.params.settings, snakemake.params.training)
trained = fit(
    rows,
    describe(snakemake.params.network, rows["train"], classes, settings, initial_weights),
    training,
    seed=seed_for(snakemake.params.seed, snakemake.wildcards.model, fold),
    checkpoint=snakemake.output.checkpoint,
    initial_weights=initial_weights,
)
recorded = {role: role_rows.as_recorded() for role, role_rows in rows.items()}
predicted = probabilities(trained.model, recorded, snakemake.params.training["accelerator"])
predictions = prediction_table(recorded, predicted, classes)
write_csv(trained.curves, snakemake.output.curves)
write_parquet(predictions, fold_schema(classes), snakemake.output.answers)
adaptation = {"adapted_by": used} if snakemake.params.adapt else {}
write_json(trained.record | {"chosen": chosen} | adaptation, snakemake.output.record)
