"""Synthesise a corpus: the demo, or a stand-in for a published corpus."""

from pathlib import Path

from serfusion import logs, registry
from serfusion.files import atomic_folder

logs.start(snakemake.log[0])
corpus = registry.load("synthesis", snakemake.params.kind)
with atomic_folder(Path(snakemake.output[0])) as folder:
    count = corpus.synthesise(folder, snakemake.params.seed, **snakemake.params.settings)
logs.logger.info("%d clips of synthetic speech by eSpeak NG", count)
