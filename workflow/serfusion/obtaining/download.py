"""Downloading files over an unreliable network.

Neither pooch nor urllib3's own retries resume a download: pooch deletes its temporary file after
each failure, and `Retry` ends when the headers of an answer have arrived.
"""

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tqdm import tqdm
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from serfusion import __version__
from serfusion.digests import digest
from serfusion.errors import Refusal
from serfusion.logs import logger

WORKERS = 16
ATTEMPTS = 6
MAX_FAILURES = 20
"""After so many failed files the others are not tried."""

MAX_WAIT_S = 3600
"""The longest wait that a server may ask for."""

CHUNK = 1 << 14
"""Bytes read at a time."""

TEMPORARY_STATUSES = (408, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Remote:
    """A file on a server.

    Attributes
    ----------
    url : str
    size_bytes : int or None
        The size of the complete file. Without it, an interrupted download starts over.
    checksum : str or None
        The algorithm, as in `serfusion.digests.digest`, and a hexadecimal digest, such as
        `md5:bc696df654c8…`.
        Without it, a complete download is not verified.
    """

    url: str
    size_bytes: int | None = None
    checksum: str | None = None


def file_name(url: str) -> str:
    """Return the last part of the path of a URL, as the name of its file."""
    return PurePosixPath(urlsplit(url).path).name


def fetch(files: dict[Path, Remote], *, wait_s: float = 2.0, timeout_s: float = 30.0) -> None:
    """Download missing files, many at a time, resuming interrupted downloads.

    A file that exists and has the right checksum is not downloaded again. Files that are not yet
    verified have the suffix `.part`. When a file fails, the others are still downloaded, up to
    `MAX_FAILURES` failed files.

    Parameters
    ----------
    files : dict of Path to Remote
        The path of each file, and where it is downloaded from. Folders are created as needed.
    wait_s : float, default 2
        Seconds before the second attempt, unless the server asks for another wait. Each further
        wait is twice as long.
    timeout_s : float, default 30
        Seconds without data after which an attempt fails.

    Raises
    ------
    Refusal
        If a file cannot be downloaded, or does not have its checksum.
    OSError
        If a file cannot be written; all downloads end then.
    """
    sizes = [remote.size_bytes for remote in files.values()]
    failures = []
    with (
        _session() as session,
        tqdm(
            desc=f"{len(files):,} files" if len(files) != 1 else next(iter(files)).name,
            total=None if None in sizes else sum(sizes),
            unit="B",
            unit_scale=True,
            unit_divisor=1024,
        ) as bar,
    ):
        fetcher = _Fetcher(session, bar, wait_s, timeout_s)
        pool = ThreadPoolExecutor(WORKERS)
        try:
            paths = {
                pool.submit(fetcher.fetch, path, remote): path for path, remote in files.items()
            }
            for future in as_completed(paths):
                try:
                    future.result()
                except Refusal as refusal:
                    failures.append((paths[future].name, refusal))
                if len(failures) == MAX_FAILURES:
                    break
        finally:
            fetcher.stopped.set()
            pool.shutdown(cancel_futures=True)
    if failures:
        name, refusal = failures[0]
        if len(files) == 1:
            raise refusal
        complete = sum(path.is_file() for path in files)
        raise Refusal(
            f"{complete:,} of {len(files):,} files are downloaded and kept, {len(failures)} "
            f"failed, such as {name}: {refusal}"
        )


@dataclass
class _Fetcher:
    """The state that simultaneous downloads share."""

    session: requests.Session
    bar: tqdm
    wait_s: float
    timeout_s: float
    stopped: threading.Event = field(default_factory=threading.Event)

    def fetch(self, path: Path, remote: Remote) -> None:
        algorithm, _, expected = (remote.checksum or "").partition(":")
        if path.is_file() and (not expected or digest(path, algorithm) == expected):
            self.bar.update(_size(path))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        self.bar.update(_size(part))
        self._download(remote, part)
        if expected and (actual := digest(part, algorithm)) != expected:
            part.unlink()
            raise Refusal(
                f"{remote.url} is not the file that was published: its {algorithm.upper()} is "
                f"{actual} instead of {expected}; the download was deleted: run again, or name a "
                "copy of your own in config.yaml."
            )
        part.replace(path)

    def _download(self, remote: Remote, part: Path) -> None:
        wait, cause = 0.0, None
        for attempt in range(ATTEMPTS):
            if cause:
                logger.info("%s: %s; retrying in %.0f s", remote.url, cause, wait)
            if self.stopped.wait(wait):
                raise CancelledError
            try:
                self._resume(remote, part)
                return
            except requests.RequestException as error:
                cause, requested_wait = _root_cause(error), _requested_wait(error.response)
                wait = self.wait_s * 2**attempt if requested_wait is None else requested_wait
        raise Refusal(
            f"{remote.url} could not be downloaded ({cause}): run again to resume the download, or "
            "name a copy of your own in config.yaml."
        )

    def _resume(self, remote: Remote, part: Path) -> None:
        """Append the missing bytes to `part`."""
        present = _size(part) if remote.size_bytes else 0
        if present and present >= remote.size_bytes:
            return
        with self.session.get(
            remote.url,
            headers={"Range": f"bytes={present}-"} if present else {},
            stream=True,
            timeout=self.timeout_s,
        ) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self.bar.update(-present)
                part.unlink()
                raise requests.HTTPError(f"the server has no more than {present:,} bytes")
            if response.status_code >= 400:
                _raise_for_status(response, remote.url)
            resumed = present and response.status_code == requests.codes.partial_content
            if not resumed:
                self.bar.update(-_size(part))
            with part.open("ab" if resumed else "wb") as file:
                for chunk in response.iter_content(CHUNK):
                    if self.stopped.is_set():
                        raise CancelledError
                    file.write(chunk)
                    self.bar.update(len(chunk))
        if remote.size_bytes and _size(part) < remote.size_bytes:
            raise requests.ConnectionError(
                f"the server sent {_size(part):,} of {remote.size_bytes:,} bytes"
            )


def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"serfusion/{__version__}"
    # A compressed download could not be resumed by the number of bytes on the disk.
    session.headers["Accept-Encoding"] = "identity"
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=WORKERS))
    return session


def _raise_for_status(response: requests.Response, url: str) -> None:
    """Raise an `HTTPError` for a temporary fault of the server, or else a `Refusal`."""
    answers = f"answers {response.status_code} {response.reason}"
    if response.status_code in TEMPORARY_STATUSES or "Retry-After" in response.headers:
        raise requests.HTTPError(f"it {answers}", response=response)
    raise Refusal(f"{url} {answers}: name a mirror, or a copy of your own, in config.yaml.")


def _requested_wait(response: requests.Response | None) -> float | None:
    """Return the seconds that a server asks to wait before the next request, or None."""
    header = None if response is None else response.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return Retry(retry_after_max=MAX_WAIT_S).parse_retry_after(header)
    except InvalidHeader:
        return None


def _root_cause(error: BaseException) -> BaseException:
    """Return the first of the chained errors, which has the plainest message."""
    return _root_cause(error.__context__) if error.__context__ else error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
