"""A corpus that is published on a Dataverse server, file by file."""

import hashlib
import json
from pathlib import Path
from urllib.parse import urlencode

from serfusion.errors import Refusal
from serfusion.obtaining.download import Remote, fetch
from serfusion.obtaining.layout import chosen, inside, lay_out, unfinished


def obtain(settings: dict, downloads: Path, folder: Path, *, files: list[str]) -> None:
    """Fetch the files of a dataset's latest version, and lay them out as `folder`.

    Parameters
    ----------
    settings : dict
        With `url`, the server, and `doi`, the dataset, such as `doi:10.5683/SP2/E8H2MF`.
    downloads, folder : Path
        See `serfusion.obtaining.corpus.obtain`.
    files : list of str
        Which files are wanted: patterns of their names, such as `*.wav`, whatever their folder.
    """
    server = settings["url"].rstrip("/")
    question = urlencode({"persistentId": settings["doi"]})
    listing = f"{server}/api/datasets/:persistentId/versions/:latest-published/files?{question}"
    answer, tree = downloads / "files.json", unfinished(folder)
    # A list that an earlier run left may be of another version.
    answer.unlink(missing_ok=True)
    fetch({answer: Remote(listing)})
    published = _published(answer, server, listing)
    wanted = set(chosen([name for _, name, _ in published], files, listing))
    remote = {
        inside(tree, f"{label}/{name}" if label else name, listing): file
        for label, name, file in published
        if name in wanted
    }
    fetch(remote)
    lay_out(tree, remote, folder)


def _published(answer: Path, server: str, listing: str) -> list[tuple[str, str, Remote]]:
    """Return the folder, the name, and where to get it, of each file that `answer` lists."""
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
            for entry in json.loads(answer.read_bytes())["data"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{listing} does not answer with a Dataverse's list of files: check the corpus's url "
            "and doi, or set its path to a copy of your own."
        ) from error


def _checksum(stated: dict) -> str:
    algorithm = stated["type"].replace("-", "").lower()
    hashlib.new(algorithm)  # a ValueError if there is none of that name
    return f"{algorithm}:{stated['value']}"
