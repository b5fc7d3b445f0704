"""Which of a source's files make a corpus, and where they go."""

import fnmatch
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from serfusion.errors import Refusal


def chosen(names: Collection[str], patterns: Collection[str], source: str) -> list[str]:
    """Return those of `names` that fit one of `patterns`, whose `*` stands for folders too.

    Raises
    ------
    Refusal
        If there is a pattern that none fits: `source` is not the corpus that it should be.
    """
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise Refusal(
                f"{source} has no file {pattern}: check the corpus's settings, or set its path to "
                "a copy of your own."
            )
    return [name for name in names if any(fnmatch.fnmatch(name, each) for each in patterns)]


def inside(folder: Path, name: str, source: str | Path) -> Path:
    """Return the path in `folder` of what `source` calls `name`.

    Raises
    ------
    Refusal
        If the name leads out of the folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise Refusal(
            f"{source} holds the name {name!r}, which leads out of its folder: nothing of it was "
            "used; get the corpus from its owners."
        )
    return folder / path


def unfinished(folder: Path) -> Path:
    """Return where the files of `folder` wait until all are there: on the same disk."""
    return folder.with_name(f".{folder.name}.part")


def lay_out(tree: Path, files: Collection[Path], folder: Path) -> None:
    """Make `tree` the new folder `folder`, with `files` and nothing that earlier runs left."""
    for path in tree.rglob("*"):
        if path.is_file() and path not in files:
            path.unlink()
    tree.rename(folder)
