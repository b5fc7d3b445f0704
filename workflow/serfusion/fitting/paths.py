"""The parts of the study's file names."""

from pathlib import Path


def model_and_fold(path: str | Path) -> tuple[str, int]:
    """Return the model and the fold of a file such as `results/demo/conv1d/fold_2/fit.json`."""
    folder = Path(path).parent
    return folder.parent.name, int(folder.name.removeprefix("fold_"))
