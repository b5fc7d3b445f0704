"""Download the published weights of a network, or copy the user's, to data/weights/."""

from pathlib import Path

from serfusion import logs
from serfusion.obtaining.pretrained_weights import obtain
from serfusion.study import initial_weights
from serfusion.study.resolution import resolve

logs.start(snakemake.log[0])
path = Path(snakemake.output[0])
models = resolve(snakemake.config)["models"].values()
obtain(
    initial_weights.nearest([own for own in models if initial_weights.kept_name(own) == path.name]),
    path,
)
