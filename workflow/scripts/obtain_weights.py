"""Download the published weights of a network, or copy the user's, to data/weights/."""

from pathlib import Path

from serfusion import logs, weights
from serfusion.obtaining.weights import obtain
from serfusion.study import resolve

logs.start(snakemake.log[0])
path = Path(snakemake.output[0])
models = resolve(snakemake.config)["models"].values()
obtain(weights.nearest([own for own in models if weights.kept_name(own) == path.name]), path)
