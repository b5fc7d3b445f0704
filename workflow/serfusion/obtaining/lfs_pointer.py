"""Git LFS pointers: the small texts that stand in a repository where large files belong."""

import re
from dataclasses import dataclass
from pathlib import Path

TOO_LONG = 1024
POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\r?\n"
    rb"(?:ext-[^\n]+\n)*"
    rb"oid sha256:([0-9a-f]{64})\r?\n"
    rb"size (\d+)\s*"
)


@dataclass(frozen=True)
class Pointer:
    """What a pointer says of the file that it stands for."""

    sha256: str
    size_bytes: int


def read_pointer(source: Path | bytes) -> Pointer | None:
    """Return what a Git LFS pointer says, or None if `source` is no pointer.

    Parameters
    ----------
    source : Path or bytes
        A file, of which no more is read than a pointer could hold, or what is in it.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(TOO_LONG)
    found = POINTER.fullmatch(source) if len(source) < TOO_LONG else None
    return found and Pointer(found[1].decode(), int(found[2]))
