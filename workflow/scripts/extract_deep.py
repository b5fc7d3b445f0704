"""Write the deep features that a trained extractor gives the clips of its fold."""

from serfusion import logs
from serfusion.checkpoints import load
from serfusion.deep import deep_table
from serfusion.feature_table import schema
from serfusion.files import write_parquet
from serfusion.rows import read_fold
from serfusion.training import device

logs.start(snakemake.log[0])
_, rows = read_fold(snakemake.input, int(snakemake.wildcards.fold))
network, _ = load(snakemake.input.checkpoint)
table = deep_table(network, rows, device(snakemake.params.accelerator))
write_parquet(table, schema(table.columns[2:]), snakemake.output[0])
