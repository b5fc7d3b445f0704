"""Which of the project's own files a script runs, so that editing one reruns what depends on it."""

import os
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path

LIBRARY = Path(__file__).parents[2]


def prepare_jobs() -> None:
    """Set the environment of every Python process that this one starts.

    It finds the library on its path, and what Numba compiles is cached with the study: see
    `serfusion.parallel`.
    """
    paths = [str(LIBRARY), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    os.environ["NUMBA_CACHE_DIR"] = str(Path(".cache/numba").resolve())


@cache
def code(script: Path, *modules: str) -> tuple[Path, ...]:
    """Return `script` and every library file that it or one of `modules` imports, sorted.

    Parameters
    ----------
    script : Path
        A Python file.
    *modules : str
        Full names of modules that the script imports by name at run time, such as
        `serfusion.models.conv1d`.
    """
    finder = ModuleFinder(path=[str(LIBRARY)])
    finder.run_script(str(script))
    for module in modules:
        finder.import_hook(module)
    files = {Path(module.__file__) for module in finder.modules.values() if module.__file__}
    return tuple(sorted({script} | {path for path in files if path.is_relative_to(LIBRARY)}))
