"""Which files of a folder are audio."""

from pathlib import Path

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")


def audio_files(root: Path) -> list[Path]:
    """Return the audio files under `root`, those in fewer folders first, then by name."""
    files = (path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    return sorted(files, key=lambda path: (len(path.parts), str(path)))
