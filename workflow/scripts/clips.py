"""Index a corpus: write the table of its usable clips and the list of rejected files."""

from pathlib import Path

from serfusion import logs, registry
from serfusion.clips.indexing import FINGERPRINTS, SCHEMA, index
from serfusion.files import write_csv, write_parquet

logs.start(snakemake.log[0])
found = index(
    snakemake.wildcards.corpus,
    registry.load("corpora", snakemake.params.kind),
    Path(snakemake.params.root),
    label_map=snakemake.params.label_map,
    workers=snakemake.threads,
)
write_parquet(found.clips, SCHEMA, snakemake.output.clips)
write_csv(found.rejected, snakemake.output.rejected)
write_parquet(found.fingerprints, FINGERPRINTS, snakemake.output.fingerprints)
