"""Download a corpus's archive, verify it, and lay it out under data/corpora/."""

from pathlib import Path

from serfusion import logs
from serfusion.download import fetch
from serfusion.study import resolve
from serfusion.unpacking import unpack

logs.start(snakemake.log[0])
corpus = snakemake.wildcards.corpus
settings = resolve(snakemake.config)["corpora"][corpus]
archive = fetch(
    settings["url"],
    Path("data/downloads") / corpus,
    size_bytes=settings["size_bytes"],
    md5=settings["md5"],
)
unpack(archive, Path(snakemake.output[0]))
