"""Train one network on one fold, and write down its answers."""

from serfusion import logs
from serfusion.files import write_csv, write_json, write_parquet
from serfusion.predictions import answers, fold_schema
from serfusion.rows import read_fold
from serfusion.seeds import seed_for
from serfusion.training import fit, probabilities

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
names, rows = read_fold(snakemake.input, fold)
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
    initial_weights=next(iter(snakemake.input.weights), None),
)
given = answers(rows, probabilities(fitted.model, rows), names)
write_csv(fitted.curves, snakemake.output.curves)
write_parquet(given, fold_schema(names), snakemake.output.answers)
write_json(fitted.record, snakemake.output.record)
