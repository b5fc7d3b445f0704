"""Digests of files, which tell whether two files have the same content."""

import hashlib
from pathlib import Path

GIT_BLOB = "git_blob"
"""The name of git's own checksum of a file: SHA-1 of a header with its size, and of its content."""


def digest(path: str | Path, algorithm: str) -> str:
    """Return the hexadecimal digest of a file.

    Parameters
    ----------
    path : str or Path
    algorithm : str
        A name that hashlib knows, or `GIT_BLOB`.
    """
    with Path(path).open("rb") as file:
        if algorithm != GIT_BLOB:
            return hashlib.file_digest(file, algorithm).hexdigest()
        content = file.read()
        header = f"blob {len(content)}\0".encode()
        return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
