"""Download the published weights of a network, or copy the user's, to data/weights/."""

from pathlib import Path

from serfusion import logs
from serfusion.obtaining.pretrained_weights import obtain
from serfusion.study.initial_weights import SETTINGS, kept_name, nearest

logs.start(snakemake.log[0])
path = Path(snakemake.output[0])
# From the configuration, not from params: another mirror is no reason to train again.
models = [
    {key: model.get(key) for key in ("network", *SETTINGS)}
    for model in snakemake.config["models"].values()
    if model.get("weights")
]
obtain(nearest([model for model in models if kept_name(model) == path.name]), path)
