"""Try the candidates of one model's grid on one fold, and choose by its validation clips."""

from importlib import import_module

import pandas as pd

from serfusion import logs
from serfusion.files import write_csv
from serfusion.fitting.adaptation import adapted
from serfusion.fitting.rows import read_fold
from serfusion.fitting.search import search
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
classes, rows = read_fold(snakemake.input, fold, snakemake.params.reading)
dataset = pd.read_parquet(snakemake.input.dataset)
rows, _ = adapted(rows, dataset, snakemake.params.adapt, snakemake.params.seed)
loop = import_module(snakemake.params.loop)
initial_weights = next(iter(snakemake.input.weights), None)


def trial(trial_rows, settings, training):
    seed = seed_for(snakemake.params.seed, snakemake.wildcards.model, fold)
    module = snakemake.params.module
    return loop.trial(trial_rows, classes, module, settings, training, seed, initial_weights)


table = search(
    {role: role_rows for role, role_rows in rows.items() if role != "test"},
    snakemake.params.search,
    snakemake.params.settings,
    snakemake.params.training,
    trial,
)
write_csv(table, snakemake.output[0])
