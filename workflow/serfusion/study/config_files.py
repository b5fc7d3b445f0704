"""Configuration files as they are written: what reading and merging them would hide."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from serfusion.errors import Refusal

SECTIONS = (
    *("corpora", "datasets", "augmentations", "features"),
    *("models", "experiments", "comparisons"),
)
"""The sections of a configuration whose entries have names."""

MERGE_KEY = "<<"


def refuse_repeated_keys(path: Path) -> None:
    """Refuse a YAML file in which a key stands twice: a reader would drop the first.

    Raises
    ------
    Refusal
        It names the key and both of its lines.
    """
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    for key, first, second in _repeated_keys(tree, ""):
        raise Refusal(f"{path}: the key {key} is in line {first} and in line {second}: keep one.")


def _repeated_keys(node: yaml.Node | None, place: str) -> Iterator[tuple[str, int, int]]:
    children = []
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            here = f"{place}.{name}".removeprefix(".")
            if name in lines and name != MERGE_KEY:
                yield here, lines[name], line
            lines[name] = line
            children.append((value, here))
    elif isinstance(node, yaml.SequenceNode):
        children = [(child, f"{place}.{number}") for number, child in enumerate(node.value)]
    for child, here in children:
        yield from _repeated_keys(child, here)


def inherited(path: Path, base: Path) -> list[str]:
    """Return a sentence for each entry of `path` that keeps keys of its namesake in `base`.

    Snakemake merges configuration files key by key, so that an experiment of the user's which has
    the name of one in `config.yaml` inherits whatever it does not set itself.

    Parameters
    ----------
    path, base : Path
        The file that is read on top, and the one that is read first.
    """
    upper, lower = (yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in (path, base))
    sentences = []
    for section in SECTIONS:
        entries = [part.get(section) or {} for part in (upper, lower)]
        for name in sorted(set(entries[0]) & set(entries[1])):
            mine, theirs = (part[name] or {} for part in entries)
            kept = sorted(set(theirs) - set(mine))
            if kept and any(mine[key] != theirs.get(key) for key in mine):
                sentences.append(
                    f"{path}: {section}.{name} changes an entry of {base}, from which it keeps "
                    f"{', '.join(kept)}. If it is meant to be another one, give it another name."
                )
    return sentences
