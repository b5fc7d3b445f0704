"""One module per corpus: where it comes from, and how its files name speaker, sentence and emotion.

A corpus module `corpora/<name>.py` declares

- `SETTINGS`: what `config.yaml` may say of it beyond what it may say of every corpus, as a JSON
  schema with a default for each key;
- `SOURCE`: `{"kind": …}`, how it is obtained: `archive`, `git_lfs` or `dataverse` (the other keys
  are handed to that module of `serfusion.obtaining`), `synthesis`, `manifest` for a CSV file of the
  user's, or `request` for a corpus that its owners give to registered users only, with the address
  to `ask` at;
- `EMOTIONS`: the codes in its names or tables, and the emotions that they stand for;
- `TABLES`: patterns of the files beside the audio that its labels are read from;
- `files(root)`: the audio files of a copy of it;
- `labels(path, root)`: the `Labels` of one of them, or a `ValueError` that says why it has none.

and may declare `recording(name)`: the name that all files of one recording share, of which one is a
clip, in a corpus that publishes its recordings in several modalities.

What reports print of a corpus, such as its title and licence, stands beside the module in
`corpora/<name>.yaml`: see `serfusion.study.facts`. The synthetic stand-in of each published corpus
has the same name in `serfusion.synthesis`.
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
    """Return what `code` stands for.

    Raises
    ------
    ValueError
        If there is no such code; it names the field and the code.
    """
    if code not in codes:
        raise ValueError(f"unknown {field} {code} in its name")
    return codes[code]


def audio_files(root: Path) -> list[Path]:
    """Return the audio files under `root`, those in fewer folders first, then by name.

    Hidden files are left out: macOS leaves them beside others in archives and copies.
    """
    files = (path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    return _in_order(files)


def table_files(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Return the files under `root` whose names match one of `patterns`, ordered as the audio."""
    return _in_order(path for pattern in patterns for path in root.rglob(pattern))


def is_file(path: Path) -> bool:
    """Return whether a file exists; False, too, for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def _in_order(files: Iterable[Path]) -> list[Path]:
    visible = (path for path in files if not path.name.startswith("."))
    return sorted(visible, key=lambda path: (len(path.parts), str(path)))


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
