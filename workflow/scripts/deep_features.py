"""Write the deep features that a trained extractor computes for the clips of its fold."""

from serfusion import logs
from serfusion.extraction.schema import schema
from serfusion.files import write_parquet
from serfusion.fitting.candidates import chosen_candidate
from serfusion.fitting.checkpoints import load
from serfusion.fitting.deep_features import deep_table
from serfusion.fitting.rows import read_fold
from serfusion.fitting.trainer import device

logs.start(snakemake.log[0])
fold = int(snakemake.wildcards.fold)
_, rows = read_fold(snakemake.input, fold, snakemake.params.reading)
chosen = chosen_candidate(snakemake.input.get("search"), snakemake.params.search)
rows = {role: role_rows.reading(chosen) for role, role_rows in rows.items()}
network, _ = load(snakemake.input.checkpoint)
table = deep_table(network, rows, device(snakemake.params.accelerator))
write_parquet(table, schema(table.columns[2:]), snakemake.output[0])
