"""Finds corpora, feature sets and models: one module each, known by its file's name."""

import ast
import importlib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import ModuleType

from serfusion.errors import Refusal

ROOT = Path(__file__).parent


def load(family: str, name: str) -> ModuleType:
    """Import and return the module `name` of `family`, such as `corpora`, `features` or `models`.

    Raises
    ------
    Refusal
        If there is no such module.
    """
    modules = [path.stem for path in (ROOT / family).glob("*.py")]
    require(name, modules, f"{family}: there is no {name!r}")
    return importlib.import_module(f"serfusion.{family}.{name}")


def module_name(family: str, name: str) -> str:
    """Return the full name of the module that `load` would import."""
    return f"serfusion.{family}.{name}"


@cache
def available(family: str) -> tuple[str, ...]:
    """Return the names in `family`: its modules that declare `SETTINGS`, in alphabetical order."""
    files = sorted((ROOT / family).glob("*.py"))
    return tuple(path.stem for path in files if constant(path, "SETTINGS") is not None)


@cache
def constant(module: str | Path, name: str):
    """Return the literal `name` of a module without importing what the module needs.

    Parameters
    ----------
    module : str or Path
        The module's file, relative to the package or absolute.
    name : str
        Such as `SETTINGS`, which maps the name of each setting to its JSON schema with a default.

    Returns
    -------
    object or None
        None when the module has no such constant.
    """
    for node in ast.parse((ROOT / module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    return None


def require(name: str, known, sentence: str) -> None:
    """Raise a `Refusal` that begins with `sentence` unless `name` is in `known`."""
    if not isinstance(name, str) or name not in known:
        raise Refusal(f"{sentence}; {hint(name, known)}")


def hint(name: str, known) -> str:
    """Return what may have been meant by `name`: the nearest of `known`, or all of them."""
    near = get_close_matches(str(name), known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}."
