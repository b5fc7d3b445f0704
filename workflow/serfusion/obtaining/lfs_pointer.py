"""Git LFS pointers: the small text files in a repository that stand for large files."""

import re
from dataclasses import dataclass
from pathlib import Path

MAX_SIZE = 1024
"""Pointers are smaller, in bytes (Git LFS specification)."""

POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\r?\n"
    rb"(?:ext-[^\n]+\n)*"
    rb"oid sha256:([0-9a-f]{64})\r?\n"
    rb"size (\d+)\s*"
)


@dataclass(frozen=True)
class Pointer:
    """SHA-256 and size of the file that a pointer stands for."""

    sha256: str
    size_bytes: int


def read_pointer(source: Path | bytes) -> Pointer | None:
    """Return the content of a Git LFS pointer, or None if `source` is not a pointer.

    Parameters
    ----------
    source : Path or bytes
        A file, or its content. Of a file, no more than `MAX_SIZE` bytes are read.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(MAX_SIZE)
    match = POINTER.fullmatch(source) if len(source) < MAX_SIZE else None
    return match and Pointer(match[1].decode(), int(match[2]))
