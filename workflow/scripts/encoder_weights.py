"""Download a published encoder, verify it, and lay it out under data/weights/."""

from pathlib import Path

from serfusion import logs
from serfusion.obtaining.corpus import obtain
from serfusion.study.encoder_weights import kept_name

logs.start(snakemake.log[0])
folder = Path(snakemake.output[0])
obtain(
    "hub",
    next(
        settings
        for settings in snakemake.config["features"].values()
        if kept_name(settings) == folder.name
    ),
    downloads=Path("data/downloads") / folder.name,
    folder=folder,
)
