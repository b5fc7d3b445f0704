"""Index a corpus: the table of its usable clips, and the list of those left out."""

from pathlib import Path

from serfusion import logs, registry
from serfusion.files import write_csv, write_parquet
from serfusion.indexing import SCHEMA, index

logs.start(snakemake.log[0])
name = snakemake.wildcards.corpus
clips, rejected = index(
    name,
    registry.load("corpora", name),
    Path(snakemake.params.root),
    workers=snakemake.threads,
)
write_parquet(clips, SCHEMA, snakemake.output.clips)
write_csv(rejected, snakemake.output.rejected)
