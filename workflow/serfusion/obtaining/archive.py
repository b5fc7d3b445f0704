"""A corpus that is published as one ZIP archive, with its size and MD5."""

from pathlib import Path

from serfusion.obtaining.download import Remote, fetch, name_of
from serfusion.obtaining.unpacking import unpack


def obtain(settings: dict, downloads: Path, folder: Path) -> None:
    """Fetch the archive into `downloads` and unpack it as `folder`.

    Parameters
    ----------
    settings : dict
        With `url`, `md5` and `size_bytes`.
    downloads, folder : Path
        See `serfusion.obtaining.corpus.obtain`.
    """
    archive = downloads / name_of(settings["url"])
    fetch({archive: Remote(settings["url"], settings["size_bytes"], f"md5:{settings['md5']}")})
    unpack(archive, folder)
