"""Try the settings of one model's grid on one fold, by its validation clips alone."""

from importlib import import_module

from serfusion import logs
from serfusion.files import write_csv
from serfusion.fitting.rows import read_fold
from serfusion.fitting.search import search
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
names, rows = read_fold(snakemake.input, fold)
loop = import_module(snakemake.params.loop)
initial_weights = next(iter(snakemake.input.weights), None)


def trial(seen, settings, training):
    seed = seed_for(snakemake.params.seed, snakemake.wildcards.model, fold)
    module = snakemake.params.module
    return loop.trial(seen, names, module, settings, training, seed, initial_weights)


table = search(
    {role: side for role, side in rows.items() if role != "test"},
    snakemake.params.search,
    snakemake.params.settings,
    snakemake.params.training,
    trial,
)
write_csv(table, snakemake.output[0])
