"""One module per corpus: where it comes from, and how its files name speaker, sentence and emotion.

A corpus module `corpora/<name>.py` declares

- `SETTINGS`: what `config.yaml` may say of it, a JSON schema with a default for each key; `title`,
  `licence` and `citation`, which the report prints, among them;
- `SOURCE`: `{"kind": …}`, how it is obtained: `archive`, `git_lfs` or `dataverse` (see
  `serfusion.obtaining`; what else stands there is handed to it), `synthesis`, or `request` for one
  that its owners give to registered users only, with the address to `ask` at;
- `CLIPS`: how many of its clips can be used, by which the report tells part of it from all of it;
- `MAY_BE_EMBEDDED`: `False` where its licence forbids passing its audio on, in a page as elsewhere;
- `TABLES`: patterns of the files beside the audio that its labels are read from;
- `files(root)`: the audio files of a copy of it;
- `labels(path, root)`: the `Labels` of one of them, or a `ValueError` that says why it has none.

`serfusion.synthesis` has the stand-in of each under the same name.
"""

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")


class Labels(NamedTuple):
    """The labels of one clip.

    `actor` is unique within its corpus; `gender` is `female`, `male` or None where unknown;
    `emotion` is one of angry, calm, disgust, fear, happy, neutral, sad and surprise or, for any
    other, its corpus's own word.
    """

    name: str
    actor: str
    gender: str | None
    emotion: str
    intensity: str | None = None
    sentence: str | None = None
    session: str | None = None


def known(codes: dict[str, str], code: str, field: str) -> str:
    """Return what `code` stands for, or raise a `ValueError` that names the field and the code."""
    if code not in codes:
        raise ValueError(f"unknown {field} {code} in its name")
    return codes[code]


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


def copied_files(corpus: ModuleType, root: Path) -> list[Path]:
    """Return the files that the index of a user's copy or manifest reads.

    Parameters
    ----------
    corpus : module
        One of `serfusion.corpora`.
    root : Path
        The folder of the copy, or the manifest.

    Raises
    ------
    Refusal
        If the manifest cannot be read.
    """
    audio = corpus.files(root)
    if root.is_file():
        return [root, *filter(is_file, audio)]
    return [*audio, *table_files(root, corpus.TABLES)]
