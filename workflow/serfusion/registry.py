"""Finding corpora, feature sets and models: one module each, named by its file."""

import ast
import importlib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import ModuleType

from serfusion.errors import Refusal

ROOT = Path(__file__).parent


def load(family: str, name: str) -> ModuleType:
    """Import and return a module.

    Parameters
    ----------
    family : str
        A folder of the package, such as `corpora`, `features` or `models`.
    name : str
        The name of the module.

    Raises
    ------
    Refusal
        If there is no such module.
    """
    modules = [path.stem for path in (ROOT / family).glob("*.py")]
    require(name, modules, f"{family}: there is no {name!r}")
    return importlib.import_module(f"serfusion.{family}.{name}")


def module_name(family: str, name: str) -> str:
    """Return the full name of the module that `load` imports, such as `serfusion.models.mlp`."""
    return f"serfusion.{family}.{name}"


@cache
def available(family: str) -> tuple[str, ...]:
    """Return the names of the modules of `family` that declare `SETTINGS`, sorted by name."""
    files = sorted((ROOT / family).glob("*.py"))
    return tuple(path.stem for path in files if constant(path, "SETTINGS") is not None)


@cache
def constant(module: str | Path, name: str):
    """Return a constant of a module without importing the module.

    Parameters
    ----------
    module : str or Path
        The file of the module, relative to the package or absolute.
    name : str
        The name of the constant, whose value must be a literal, such as `SETTINGS`.

    Returns
    -------
    object or None
        None if the module has no such constant.
    """
    for node in ast.parse((ROOT / module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    return None


def require(name: str, known, sentence: str) -> None:
    """Raise a `Refusal`, `sentence` and a hint, if `name` is not in `known`."""
    if not isinstance(name, str) or name not in known:
        raise Refusal(f"{sentence}; {hint(name, known)}")


def hint(name: str, known) -> str:
    """Return a hint for an unknown name: the most similar of `known`, or all of them."""
    matches = get_close_matches(str(name), known, n=1)
    return f"did you mean {matches[0]!r}?" if matches else f"known: {', '.join(known) or 'none'}."
