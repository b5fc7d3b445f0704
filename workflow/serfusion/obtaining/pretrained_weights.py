"""Obtaining the pretrained weights of a network, by download or from the user's copy."""

import shutil
from pathlib import Path

from serfusion.files import atomic
from serfusion.obtaining.disk_space import refuse_full_disk
from serfusion.obtaining.download import Remote, fetch
from serfusion.study import initial_weights


def obtain(model: dict, path: Path) -> None:
    """Write the pretrained weights of a model to `path`, completely or not at all.

    Parameters
    ----------
    model : dict
        A resolved model with `network`, `weights` and, for published weights, `weights_url`.
    path : Path

    Raises
    ------
    Refusal
        If they cannot be downloaded, are not the published ones, or if the disk is full.
    """
    with refuse_full_disk(str(path)):
        if model["weights"] == initial_weights.IMAGENET:
            published = initial_weights.published(model["network"])
            url = model["weights_url"] or published["url"]
            fetch({path: Remote(url, published["size_bytes"], f"sha256:{published['sha256']}")})
            return
        with atomic(path) as temporary:
            shutil.copyfile(model["weights"], temporary)
