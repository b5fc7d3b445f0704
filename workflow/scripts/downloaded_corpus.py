"""Download a published corpus, verify it, and lay it out under data/corpora/."""

from pathlib import Path

from serfusion import logs, registry
from serfusion.obtaining.corpus import obtain
from serfusion.study.resolution import resolve

logs.start(snakemake.log[0])
corpus = snakemake.wildcards.corpus
settings = resolve(snakemake.config)["corpora"][corpus]
obtain(
    settings=settings,
    downloads=Path("data/downloads") / corpus,
    folder=Path(snakemake.output[0]),
    **registry.constant(f"corpora/{settings['kind']}.py", "SOURCE"),
)
