"""Obtaining the pretrained weights of a network: downloaded as published, or copied."""

import shutil
from pathlib import Path

from serfusion.files import atomic
from serfusion.obtaining.download import Remote, fetch
from serfusion.obtaining.room import room_for
from serfusion.study import initial_weights


def obtain(model: dict, path: Path) -> None:
    """Put the weights that a resolved model starts from at `path`, whole or not at all.

    Raises
    ------
    Refusal
        If they cannot be had, are not what was published, or find no room.
    """
    with room_for(str(path)):
        if model["weights"] == initial_weights.IMAGENET:
            published = initial_weights.published(model["network"])
            url = model["weights_url"] or published["url"]
            fetch({path: Remote(url, published["size_bytes"], f"sha256:{published['sha256']}")})
            return
        with atomic(path) as temporary:
            shutil.copyfile(model["weights"], temporary)
