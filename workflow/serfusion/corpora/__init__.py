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
- `labels(path, root)`: the `Labels` of one of them, or a `ValueError` that says why it has none; of
  a file that holds several clips, a list of their labels, with a reason in place of those of a clip
  that cannot be used.

and may declare

- `recording(name)`: the name that all files of one recording share, of which one is a clip, in a
  corpus that publishes its recordings in several modalities;
- `remarks(root)`: sentences about a copy of it, for the log of its index.

What reports print of a corpus, such as its title and licence, stands beside the module in
`corpora/<name>.yaml`: see `serfusion.study.facts`. The synthetic stand-in of each published corpus
has the same name in `serfusion.synthesis`.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from serfusion.errors import Refusal

LOSSLESS = (
    ".wav",
    ".wave",
    ".w64",
    ".rf64",
    ".flac",
    ".aif",
    ".aiff",
    ".aifc",
    ".au",
    ".snd",
    ".sph",
)
LOSSY = (
    *(".mp3", ".mp2", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".aac", ".ac3", ".amr", ".wma"),
    *(".caf", ".mka", ".weba", ".ra", ".ape", ".wv"),
)
VIDEO = (
    *(".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".webm", ".mkv", ".avi", ".flv", ".wmv", ".mpg"),
    *(".mpeg", ".mts", ".m2ts", ".vob", ".ogv", ".rm", ".dv"),
)
SUFFIXES = (*LOSSLESS, *LOSSY, *VIDEO)
"""Files with these endings are read; those that cannot be decoded are listed with their reason."""


class Labels(NamedTuple):
    """The labels of one clip.

    `actor` is unique within its corpus; `gender` is `female`, `male` or None where unknown;
    `emotion` is one of angry, calm, disgust, fear, happy, neutral, sad and surprise or, for any
    other, its corpus's own word. `start_s` and `end_s` say where in its file the clip is, in
    seconds; both are None of a whole file.
    """

    name: str
    actor: str
    gender: str | None
    emotion: str
    intensity: str | None = None
    sentence: str | None = None
    session: str | None = None
    start_s: float | None = None
    end_s: float | None = None


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
    """Return the audio and video files under `root`, those in fewer folders first, then by name.

    Linked folders are entered, each folder once. Hidden files are left out: macOS leaves them
    beside others in archives and copies.

    Raises
    ------
    Refusal
        If a folder may not be read.
    """
    return _in_order(path for path in _files(root) if path.suffix.lower() in SUFFIXES)


def table_files(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Return the files under `root` that match one of `patterns`, ordered as the audio.

    A pattern is that of a name, or of a folder's and a name with a slash between.
    """
    return _in_order(
        path
        for path in _files(root)
        for pattern in patterns
        if fnmatch("/".join(path.parts[-1 - pattern.count("/") :]), pattern)
    )


def what_is_there(root: Path) -> str:
    """Return in a few words what files a folder holds."""
    files = [path for path in _files(root) if not path.name.startswith(".")]
    endings = Counter(path.suffix.lower() or "without ending" for path in files)
    if not files:
        return "it is empty" if root.is_dir() else "there is no such folder"
    counts = ", ".join(f"{count} {ending}" for ending, count in endings.most_common(3))
    return f"it holds {counts}, such as {min(files).name}"


def is_file(path: Path) -> bool:
    """Return whether a file exists; False, too, for a name that no file can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def _files(root: Path) -> Iterator[Path]:
    """Yield every file under a folder, through links too: in real folders first, and once."""
    waiting, entered = [str(root)], set()
    while waiting:
        links = []
        for top in waiting:
            for folder, folders, names in os.walk(top, onerror=_refuse_folder):
                real = os.path.realpath(folder)
                if real in entered:
                    folders.clear()
                    continue
                entered.add(real)
                paths = (Path(folder, name) for name in folders)
                links += [str(path) for path in paths if path.is_symlink()]
                yield from (Path(folder, name) for name in names)
        waiting = sorted(links)


def _refuse_folder(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise Refusal(f"{error.filename} cannot be read: {error.strerror}.") from error


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
    audio = filter(is_file, corpus.files(root))
    tables = [] if root.is_file() else table_files(root, corpus.TABLES)
    return [*([root] if root.is_file() else []), *audio, *tables]
