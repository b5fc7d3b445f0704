"""Obtaining what is published: one module per kind of source, each with a function `obtain`.

`obtain(settings, downloads, folder, **source)` downloads missing files into `downloads`, verifies
them, and creates the corpus, or the pretrained encoder, as the new folder `folder`. `settings` is
its resolved entry in `config.yaml`, and `source` holds the other entries of `SOURCE` in the module
of a corpus.
"""

from pathlib import Path

from filelock import FileLock

from serfusion.logs import logger
from serfusion.obtaining import archive, dataverse, git_lfs, hub
from serfusion.obtaining.disk_space import refuse_full_disk

KINDS = {
    "archive": archive.obtain,
    "dataverse": dataverse.obtain,
    "git_lfs": git_lfs.obtain,
    "hub": hub.obtain,
}


def obtain(kind: str, settings: dict, downloads: Path, folder: Path, **source) -> None:
    """Obtain a corpus or an encoder as the new folder `folder`, completely or not at all.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    settings : dict
        Its resolved entry in `config.yaml`.
    downloads : Path
        Where downloaded files are kept until the folder is complete. They survive a failure, so
        that a later run can resume. Simultaneous runs wait for each other.
    folder : Path
        If it exists, another run has created it, and nothing is done.
    **source
        Further arguments for this kind of source.

    Raises
    ------
    Refusal
        If it cannot be downloaded, is not the published one, or if the disk is full.
    """
    with refuse_full_disk(f"{downloads} and {folder}"):
        downloads.mkdir(parents=True, exist_ok=True)
        with FileLock(downloads / ".lock"):
            if folder.exists():
                logger.info("%s exists already", folder)
            else:
                KINDS[kind](settings, downloads, folder, **source)
