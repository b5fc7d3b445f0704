"""Train one network on one fold, and write down its answers."""

from serfusion import logs
from serfusion.files import write_csv, write_json, write_parquet
from serfusion.fitting.candidates import applied, chosen
from serfusion.fitting.networks import fit, probabilities
from serfusion.fitting.predictions import answers, fold_schema
from serfusion.fitting.rows import read_fold
from serfusion.seeds import seed_for

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
names, rows = read_fold(snakemake.input, fold)
found = chosen(snakemake.input.get("search"), snakemake.params.search)
settings, training = applied(found, snakemake.params.settings, snakemake.params.training)
fitted = fit(
    rows,
    {
        "network": snakemake.params.network,
        "inputs": rows["train"].size,
        "classes": names,
        "settings": settings,
    },
    training,
    seed=seed_for(snakemake.params.seed, snakemake.wildcards.model, fold),
    checkpoint=snakemake.output.checkpoint,
    initial_weights=next(iter(snakemake.input.weights), None),
)
recorded = {role: side.as_recorded() for role, side in rows.items()}
given = probabilities(fitted.model, recorded, snakemake.params.training["accelerator"])
write_csv(fitted.curves, snakemake.output.curves)
write_parquet(answers(recorded, given, names), fold_schema(names), snakemake.output.answers)
write_json(fitted.record | {"chosen": found}, snakemake.output.record)
