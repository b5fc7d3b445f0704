"""Obtaining a published corpus: one module per kind of source, each with the same `obtain`.

`obtain(settings, downloads, folder, **source)` fetches what is missing into `downloads`, verifies
it, and lays the corpus out as the new folder `folder`. `settings` is the corpus's resolved entry
in `config.yaml`, and `source` what else its module's `SOURCE` says.
"""

from pathlib import Path

from filelock import FileLock

from serfusion.logs import logger
from serfusion.obtaining import archive, dataverse, git_lfs
from serfusion.obtaining.room import room_for

KINDS = {"archive": archive.obtain, "dataverse": dataverse.obtain, "git_lfs": git_lfs.obtain}


def obtain(kind: str, settings: dict, downloads: Path, folder: Path, **source) -> None:
    """Obtain a corpus as the new folder `folder`, whole or not at all.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    settings : dict
        The corpus's resolved entry in `config.yaml`.
    downloads : Path
        Where files wait until all are there; it outlives failures, so that a later run goes on.
        Two runs at once wait for each other.
    folder : Path
        If it is there, another run has made it, and nothing is done.
    **source
        What that kind of source needs to know beside the settings.

    Raises
    ------
    Refusal
        If the corpus cannot be had, is not what was published, or finds no room.
    """
    with room_for(f"{downloads} and {folder}"):
        downloads.mkdir(parents=True, exist_ok=True)
        with FileLock(downloads / ".lock"):
            if folder.exists():
                logger.info("%s is here already", folder)
            else:
                KINDS[kind](settings, downloads, folder, **source)
