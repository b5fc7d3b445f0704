"""Download a published corpus, verify it, and lay it out under data/corpora/."""

from pathlib import Path

from serfusion import logs, registry
from serfusion.obtaining.corpus import obtain
from serfusion.study.resolution import complete_corpus

logs.start(snakemake.log[0])
name = snakemake.wildcards.corpus
# From the configuration, not from params: another mirror is no reason to download again.
settings = complete_corpus(name, snakemake.config["corpora"][name])
obtain(
    settings=settings,
    downloads=Path("data/downloads") / name,
    folder=Path(snakemake.output[0]),
    **registry.constant(f"corpora/{settings['kind']}.py", "SOURCE"),
)
