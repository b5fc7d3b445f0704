"""Fetching files over a network that breaks."""

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
PATIENCE = 20  # files that may fail before the others are no longer tried
LONGEST_WAIT_S = 3600
CHUNK = 1 << 14
TEMPORARY_STATUSES = (408, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Remote:
    """A file on a server.

    Attributes
    ----------
    url : str
    size_bytes : int or None
        The size of the whole file. Without it, a download that breaks off starts over.
    checksum : str or None
        In hexadecimal after hashlib's name of the algorithm, such as `md5:bc696df654c8…`. Without
        it, the file is taken for right once the server has given all of it.
    """

    url: str
    size_bytes: int | None = None
    checksum: str | None = None


def name_of(url: str) -> str:
    """Return the last part of a URL's path, the name under which to keep its file."""
    return PurePosixPath(urlsplit(url).path).name


def fetch(files: dict[Path, Remote], *, wait_s: float = 2.0, timeout_s: float = 30.0) -> None:
    """Download what is missing, many files at once, going on where an earlier attempt broke off.

    A file that is there and right is not downloaded again. What has not been verified bears the
    suffix `.part`. A file that fails does not keep the others from being fetched.

    Parameters
    ----------
    files : dict of Path to Remote
        Where each file goes, and where it comes from. Folders are created if need be.
    wait_s : float, default 2
        Seconds before the second attempt, where the server does not ask for another wait; each
        further wait is twice as long.
    timeout_s : float, default 30
        Seconds of silence after which a connection is given up.

    Raises
    ------
    Refusal
        If a file cannot be had, or is not the one that the checksum names.
    OSError
        If a file cannot be written.
    """
    sizes = [remote.size_bytes for remote in files.values()]
    problems = []
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
            jobs = {pool.submit(fetcher.fetch, *file): file[0] for file in files.items()}
            for job in as_completed(jobs):
                try:
                    job.result()
                except Refusal as refusal:
                    problems.append((jobs[job].name, refusal))
                if len(problems) == PATIENCE:
                    break
        finally:
            fetcher.stopped.set()
            pool.shutdown(cancel_futures=True)
    if problems:
        name, refusal = problems[0]
        if len(files) == 1:
            raise refusal
        here = sum(path.is_file() for path in files)
        raise Refusal(
            f"{here:,} of {len(files):,} files are here and stay, {len(problems)} could not be "
            f"had, such as {name}: {refusal}"
        )


@dataclass
class _Fetcher:
    """What the files that are fetched at once have in common."""

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
        if expected and (found := digest(part, algorithm)) != expected:
            part.unlink()
            raise Refusal(
                f"{remote.url} is not the file that was published: its {algorithm.upper()} is "
                f"{found} and should be {expected}; the download was deleted: run again, or name "
                "a copy of your own in config.yaml."
            )
        part.replace(path)

    def _download(self, remote: Remote, part: Path) -> None:
        wait, problem = 0.0, None
        for attempt in range(ATTEMPTS):
            if problem:
                logger.info("%s: %s; once more in %.0f s", remote.url, problem, wait)
            if self.stopped.wait(wait):
                raise CancelledError
            try:
                self._resume(remote, part)
                return
            except requests.RequestException as error:
                problem, asked = _root(error), _asked_wait(error.response)
                wait = self.wait_s * 2**attempt if asked is None else asked
        raise Refusal(
            f"{remote.url} could not be downloaded ({problem}): run again to go on from where it "
            "broke off, or name a copy of your own in config.yaml."
        )

    def _resume(self, remote: Remote, part: Path) -> None:
        """Append to `part` what the server still has to give."""
        have = _size(part) if remote.size_bytes else 0
        if have and have >= remote.size_bytes:
            return
        with self.session.get(
            remote.url,
            headers={"Range": f"bytes={have}-"} if have else {},
            stream=True,
            timeout=self.timeout_s,
        ) as response:
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self.bar.update(-have)
                part.unlink()
                raise requests.HTTPError(f"the server has no more than {have:,} bytes")
            if response.status_code >= 400:
                _raise_for(response, remote.url)
            resumed = have and response.status_code == requests.codes.partial_content
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
                f"the server gave {_size(part):,} of {remote.size_bytes:,} bytes"
            )


def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"serfusion/{__version__}"
    # Of a compressed answer, the bytes on the disk do not say where to resume it.
    session.headers["Accept-Encoding"] = "identity"
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=WORKERS))
    return session


def _raise_for(response: requests.Response, url: str) -> None:
    """Raise what an answer of 400 or more means: a passing fault, or a `Refusal`."""
    answers = f"answers {response.status_code} {response.reason}"
    if response.status_code in TEMPORARY_STATUSES or "Retry-After" in response.headers:
        raise requests.HTTPError(f"it {answers}", response=response)
    raise Refusal(f"{url} {answers}: name a mirror, or a copy of your own, in config.yaml.")


def _asked_wait(response: requests.Response | None) -> float | None:
    """Return the seconds for which a server asks not to be asked again, if it does."""
    header = None if response is None else response.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return Retry(retry_after_max=LONGEST_WAIT_S).parse_retry_after(header)
    except InvalidHeader:
        return None


def _root(error: BaseException) -> BaseException:
    """Return the error for which all the others were raised, which puts it most plainly."""
    return _root(error.__context__) if error.__context__ else error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
