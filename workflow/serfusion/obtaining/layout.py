"""Which files of a source belong to a corpus, and the folder that they go to."""

import fnmatch
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from serfusion.errors import Refusal


def matching(names: Collection[str], patterns: Collection[str], source: str) -> list[str]:
    """Return the names that match a pattern, in their order; `*` also matches slashes.

    Parameters
    ----------
    names : collection of str
    patterns : collection of str
        As in `fnmatch`.
    source : str
        Where the names are from, for the refusal.

    Raises
    ------
    Refusal
        If no name matches a pattern, so that `source` cannot be the corpus.
    """
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise Refusal(
                f"{source} has no file {pattern}: check the corpus's settings, or set its path to "
                "a copy of your own."
            )
    return [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]


def path_inside(folder: Path, name: str, source: str | Path) -> Path:
    """Return the path for a file in `folder`.

    Parameters
    ----------
    folder : Path
    name : str
        The relative path of the file, as `source` states it; it is not trusted.
    source : str or Path
        Where the name is from, for the refusal.

    Raises
    ------
    Refusal
        If the name leads out of the folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise Refusal(
            f"{source} holds the name {name!r}, which leads out of its folder: none of it was "
            "used; get the corpus from its owners."
        )
    return folder / path


def partial_folder(folder: Path) -> Path:
    """Return the folder, on the same disk, for the files of `folder` until it is complete."""
    return folder.with_name(f".{folder.name}.part")


def finish_folder(partial: Path, files: Collection[Path], folder: Path) -> None:
    """Rename `partial` to `folder`, after deleting all files that are not in `files`.

    Such files are left over from earlier runs.
    """
    for path in partial.rglob("*"):
        if path.is_file() and path not in files:
            path.unlink()
    partial.rename(folder)
