"""Fetching a large file over a network that breaks."""

import hashlib
import time
from pathlib import Path

import requests
from filelock import FileLock
from tqdm import tqdm

from serfusion.errors import Refusal
from serfusion.logs import logger

TIMEOUT_S = 30
ATTEMPTS = 6
CHUNK = 1 << 14
TEMPORARY_STATUSES = (408, 429, 500, 502, 503, 504)


def fetch(url: str, folder: Path, *, size_bytes: int, md5: str, wait_s: float = 2.0) -> Path:
    """Download `url` into `folder`, going on where an earlier attempt broke off, and verify it.

    A file that is already there and right is not downloaded again. What has not been verified
    bears the suffix `.part`.

    Parameters
    ----------
    url : str
    folder : Path
        Created if need be; two runs at once wait for each other.
    size_bytes : int
        The size that the whole file has.
    md5 : str
        Its checksum, in hexadecimal.
    wait_s : float, default 2
        Seconds before the second attempt; each further wait is twice as long.

    Returns
    -------
    Path
        The verified file.

    Raises
    ------
    Refusal
        If the file cannot be had, or is not the one that the checksum names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / url.rpartition("/")[2].partition("?")[0]
    part = target.with_name(target.name + ".part")
    with FileLock(folder / ".lock"):
        if target.exists() and _md5(target) == md5:
            logger.info("%s is here already", target)
            return target
        problem = None
        for attempt in range(ATTEMPTS):
            if _size(part) >= size_bytes:
                break
            if attempt:
                time.sleep(wait_s * 2 ** (attempt - 1))
            try:
                _resume(url, part, size_bytes)
            except requests.RequestException as error:
                problem = error
                logger.info("attempt %d of %d broke off: %s", attempt + 1, ATTEMPTS, error)
        if _size(part) < size_bytes:
            problem = problem or f"the server gave {_size(part):,} of {size_bytes:,} bytes"
            raise Refusal(
                f"{url} could not be downloaded ({problem}): run again to go on from where it "
                "broke off, or set the corpus's path to a copy of your own."
            )
        found = _md5(part)
        if found != md5:
            part.unlink()
            raise Refusal(
                f"{url} is not the file that was published: its MD5 is {found} and should be "
                f"{md5}; the download was deleted."
            )
        part.rename(target)
    return target


def _resume(url: str, part: Path, size_bytes: int) -> None:
    """Append to `part` what the server still has to give."""
    have = _size(part)
    headers = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink()
            raise requests.HTTPError(f"the server has no more than {have:,} bytes")
        if response.status_code >= 400 and response.status_code not in TEMPORARY_STATUSES:
            raise Refusal(
                f"{url} answers {response.status_code} {response.reason}: set the corpus's url to "
                "a mirror, or its path to a copy of your own."
            )
        response.raise_for_status()
        resumed = response.status_code == requests.codes.partial_content
        with (
            part.open("ab" if resumed else "wb") as file,
            tqdm(
                desc=part.stem,
                total=size_bytes,
                initial=have if resumed else 0,
                unit="B",
                unit_scale=True,
                unit_divisor=1024,
            ) as bar,
        ):
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
