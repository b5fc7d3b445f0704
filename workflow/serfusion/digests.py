"""Digests of files, which tell whether two files have the same content."""

import hashlib
from pathlib import Path


def digest(path: str | Path, algorithm: str) -> str:
    """Return the hexadecimal digest of a file; `algorithm` is a name that hashlib knows."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
