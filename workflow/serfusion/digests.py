"""What tells one file's content from another's."""

import hashlib
from pathlib import Path


def digest(path: str | Path, algorithm: str) -> str:
    """Return the digest of a file in hexadecimal, by an algorithm that hashlib knows."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
