"""Corpora that are published file by file on a Dataverse server."""

import hashlib
import json
from pathlib import Path
from urllib.parse import urlencode

from serfusion.errors import Refusal
from serfusion.obtaining.download import Remote, fetch
from serfusion.obtaining.layout import finish_folder, matching, partial_folder, path_inside


def obtain(settings: dict, downloads: Path, folder: Path, *, files: list[str]) -> None:
    """Download the files of a dataset's latest version as `folder`.

    Parameters
    ----------
    settings : dict
        With `url` of the server and `doi` of the dataset, such as `doi:10.5683/SP2/E8H2MF`.
    downloads, folder : Path
        As in `serfusion.obtaining.corpus.obtain`.
    files : list of str
        Patterns of the names of the files to download, such as `*.wav`, in any folder.

    Raises
    ------
    Refusal
        If the server does not list the files, lists none for a pattern, or if files cannot be
        downloaded.
    """
    server = settings["url"].rstrip("/")
    query = urlencode({"persistentId": settings["doi"]})
    url = f"{server}/api/datasets/:persistentId/versions/:latest-published/files?{query}"
    listing, partial = downloads / "files.json", partial_folder(folder)
    # The list of an earlier run may be that of an older version.
    listing.unlink(missing_ok=True)
    fetch({listing: Remote(url)})
    published = _published(listing, server, url)
    wanted = set(matching([name for _, name, _ in published], files, url))
    remote_files = {
        path_inside(partial, f"{label}/{name}" if label else name, url): remote
        for label, name, remote in published
        if name in wanted
    }
    fetch(remote_files)
    finish_folder(partial, remote_files, folder)


def _published(listing: Path, server: str, url: str) -> list[tuple[str, str, Remote]]:
    """Return folder, name and download of each file in the list that `url` answered with."""
    try:
        return [
            (
                entry.get("directoryLabel", ""),
                str(entry["dataFile"]["filename"]),
                Remote(
                    f"{server}/api/access/datafile/{int(entry['dataFile']['id'])}",
                    int(entry["dataFile"]["filesize"]),
                    _checksum(entry["dataFile"]["checksum"]),
                ),
            )
            for entry in json.loads(listing.read_bytes())["data"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{url} does not answer with a Dataverse's list of files: check the corpus's url and "
            "doi, or set its path to a copy of your own."
        ) from error


def _checksum(checksum: dict) -> str:
    algorithm = checksum["type"].replace("-", "").lower()
    hashlib.new(algorithm)  # raises a ValueError if the algorithm is unknown
    return f"{algorithm}:{checksum['value']}"
