"""Which files of a corpus's folder are read."""

from collections.abc import Iterable
from pathlib import Path

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")


def audio_files(root: Path) -> list[Path]:
    """Return the audio files under `root`, those in fewer folders first, then by name.

    Hidden files, which macOS leaves beside others in archives and copies, are not among them.
    """
    files = (path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    return _in_order(files)


def table_files(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Return the files under `root`, whose names match one of `patterns`, in the same order."""
    return _in_order(path for pattern in patterns for path in root.rglob(pattern))


def is_file(path: Path) -> bool:
    """Return whether there is such a file; of a name that none can have, that there is not."""
    try:
        return path.is_file()
    except OSError:
        return False


def _in_order(files: Iterable[Path]) -> list[Path]:
    seen = (path for path in files if not path.name.startswith("."))
    return sorted(seen, key=lambda path: (len(path.parts), str(path)))
