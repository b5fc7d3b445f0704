"""Corpora that are published as one ZIP archive, with its size and MD5."""

from pathlib import Path

from serfusion.obtaining.download import Remote, fetch, file_name
from serfusion.obtaining.unpacking import unpack


def obtain(settings: dict, downloads: Path, folder: Path) -> None:
    """Download the archive into `downloads` and unpack it as `folder`.

    Parameters
    ----------
    settings : dict
        With `url`, `md5` and `size_bytes`.
    downloads, folder : Path
        As in `serfusion.obtaining.corpus.obtain`.

    Raises
    ------
    Refusal
        If the archive cannot be downloaded, is not the published one, or is damaged.
    """
    archive = downloads / file_name(settings["url"])
    fetch({archive: Remote(settings["url"], settings["size_bytes"], f"md5:{settings['md5']}")})
    unpack(archive, folder)
