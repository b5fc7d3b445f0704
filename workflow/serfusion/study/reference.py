"""The reference of `config.yaml` and of the tables of a study, as Markdown.

`python -m serfusion.study.reference` prints it. It is generated from the configuration's JSON
schema, the `SETTINGS` of the modules, the facts of corpora, `inputs.yaml` and `tables.yaml`; tests
compare the page with what this module prints, `inputs.yaml` with the tests that it names, and
`tables.yaml` with the tables of a finished study.
"""

import ast
import re
from collections.abc import Collection
from functools import cache

import yaml

from serfusion import registry
from serfusion.study.facts import facts, known_encoders
from serfusion.study.resolution import ENSEMBLE, LOOPS, REPORT_ONLY, available_models
from serfusion.study.schema import SCHEMA_FILE, dereferenced, schema

TABLES_FILE = SCHEMA_FILE.with_name("tables.yaml")
INPUTS_FILE = SCHEMA_FILE.with_name("inputs.yaml")

INTRODUCTION = """\
# Reference

Every key of `config.yaml`, what becomes of odd files and labels, and every table that a study
writes. This page is generated from `workflow/schemas/` and the settings of the modules, by
`python -m serfusion.study.reference`; it is not edited by hand.
"""

CONFIGURATION_NOTE = """\
A dot leads to a key of a nested mapping: `folds.by` is the key `by` of `folds`. `[]` stands for
each entry of a list. A key whose default is — may be left out.
"""

TABLES_NOTE = """\
Paths are relative to the folder of the study; parts in `<…>` depend on it, and a column in `<…>`
stands for one or more columns. Parquet files are compressed with zstd. CSV files are UTF-8 with a
header; an empty cell is a value that is unknown or does not apply.
"""

INPUTS_NOTE = """\
What is left out is listed with its reason in `rejected.csv` and in the report; what is refused ends
the run with one sentence.
"""

SOURCES = {
    "archive": "downloaded as one archive, verified by checksum",
    "git_lfs": "downloaded file by file from a Git LFS repository, verified by checksum",
    "dataverse": "downloaded file by file from a Dataverse server, verified by checksum",
    "synthesis": "synthesised by eSpeak NG",
    "manifest": "your own recordings, listed in a CSV file",
}
"""How a corpus is obtained, by the kind of its `SOURCE`; see `_source` for `request`."""

ENCODERS_NOTE = """\
Any speech encoder of `transformers` can be used. Reports know these:
"""

ENCODERS_HEADER = ("Encoder", "Parameters", "Licence", "Citation")
SETTINGS_HEADER = ("Key", "Type", "Default", "Meaning")
COLUMNS_HEADER = ("Column", "Type", "Unit or range", "Meaning")
KEYS_HEADER = ("Key", *COLUMNS_HEADER[1:])
NO_DEFAULT = "—"

WITH_KINDS = {"corpora": "corpora", "augmentations": "augmentations", "features": "feature sets"}
"""The sections of `config.yaml` whose entries have a `kind`, and what the chapters call them."""

ENSEMBLES = "Ensembles"
AUGMENTATIONS = "extraction/augmentation.py"


def reference() -> str:
    """Return the whole reference as Markdown."""
    blocks = [*configuration(), *kinds(), *inputs(), *tables()]
    chapters = [block.strip("# \n") for block in blocks if block.startswith("## ")]
    contents = "".join(f"- [{chapter}](#{_anchor(chapter)})\n" for chapter in chapters)
    return "\n".join([INTRODUCTION, contents, *blocks])


@cache
def table_descriptions() -> list[dict]:
    """Return the entries of `tables.yaml`: a file each, with its `columns` or `keys`."""
    return yaml.safe_load(TABLES_FILE.read_text(encoding="utf-8"))


@cache
def input_descriptions() -> list[dict]:
    """Return the entries of `inputs.yaml`: `input`, `outcome`, `what`, and a `test`."""
    return yaml.safe_load(INPUTS_FILE.read_text(encoding="utf-8"))


def configuration() -> list[str]:
    """Return the blocks of the chapter on `config.yaml`, a section per key at its top level."""
    blocks = ["## config.yaml\n", _sentence(schema()) + "\n", CONFIGURATION_NOTE]
    blocks.append(f"Names of entries: {_lower_first(schema()['$defs']['name']['description'])}\n")
    for key, section in schema()["properties"].items():
        blocks += [f"### {key}\n", *_section(key, dereferenced(section))]
    return blocks


def kinds() -> list[str]:
    """Return the blocks of the chapters on the kinds of corpora, augmentations and so on."""
    return [*_corpora(), *_augmentations(), *_feature_sets(), *_models()]


def inputs() -> list[str]:
    """Return the blocks of the chapter on what becomes of odd files, labels and settings."""
    header = ("What you have", "Outcome", "What becomes of it")
    rows = [(entry["input"], entry["outcome"], entry["what"]) for entry in input_descriptions()]
    return [
        "## What is read, mended, left out and refused\n",
        INPUTS_NOTE,
        markdown_table(header, rows),
    ]


def tables() -> list[str]:
    """Return the blocks of the chapter on tables, a section per entry of `tables.yaml`."""
    blocks = ["## Tables\n", TABLES_NOTE]
    for table in table_descriptions():
        header = COLUMNS_HEADER if "columns" in table else KEYS_HEADER
        columns = table.get("columns") or table["keys"]
        rows = [
            (_code(name), column["type"], column.get("range", ""), column["meaning"].strip())
            for name, column in columns.items()
        ]
        blocks += [f"### {table['title']}\n", f"{_code(table['path'])}\n", _sentence(table) + "\n"]
        blocks.append(markdown_table(header, rows))
    return blocks


def markdown_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table in Markdown; `|` in its cells is escaped."""
    lines = [header, ("---",) * len(header), *rows]
    escaped = [[cell.replace("|", r"\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in escaped)


def setting_rows(
    properties: dict, required: Collection[str] = (), prefix: str = ""
) -> list[tuple[str, ...]]:
    """Return a row for each key of a JSON schema, nested keys after the key that holds them.

    Parameters
    ----------
    properties : dict
        Key to JSON schema; `$ref` refers to the `$defs` of the configuration's schema.
    required : collection of str
        The keys that must be set.
    prefix : str
        Precedes every key, such as `folds.`.

    Returns
    -------
    list of tuple
        The key, its type or allowed values, its default, and its description.
    """
    rows = []
    for key, value in properties.items():
        value = dereferenced(value)
        place = prefix + key
        default = "required" if key in required else _default(value)
        rows.append((_code(place), type_of(value), default, _sentence(value)))
        rows += _nested_rows(value, place)
    return rows


def type_of(value: dict) -> str:
    """Return the type that a JSON schema allows, with its range, or the values that it allows."""
    value = dereferenced(value)
    if "const" in value:
        return _literal(value["const"])
    if "enum" in value:
        return ", ".join(map(_literal, value["enum"]))
    if "anyOf" in value:
        return " or ".join(map(type_of, value["anyOf"]))
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    names = [_type_name(name, value) for name in types if name != "null"]
    limits = _limits(value)
    if limits:
        names[-1] += f" ({', '.join(limits)})"
    return " or ".join([*names, *["null"] * ("null" in types)])


def _section(key: str, section: dict) -> list[str]:
    """Return the blocks of one key at the top level of `config.yaml`."""
    if section["type"] != "object":
        return [markdown_table(SETTINGS_HEADER, setting_rows({key: section}))]
    sentence = _sentence(section) + " Required." * (key in schema()["required"])
    rows = _section_rows(key, section)
    return [f"{sentence}\n", markdown_table(SETTINGS_HEADER, rows) if rows else _see_models()]


def _section_rows(key: str, section: dict) -> list[tuple[str, ...]]:
    """Return the rows of the keys of a section, or of each of its entries if they have names."""
    entry = section.get("additionalProperties") or section
    rows = [_kind_row(key)] if key in WITH_KINDS else []
    if key == "corpora":
        rows += setting_rows({name: {"$ref": f"#/$defs/{name}"} for name in REPORT_ONLY})
    return rows + setting_rows(entry.get("properties", {}), entry.get("required", ()))


def _kind_row(section: str) -> tuple[str, ...]:
    """Return the row of the key `kind` of the entries of a section."""
    names = (
        registry.constant(AUGMENTATIONS, "SETTINGS")
        if section == "augmentations"
        else registry.available(section)
    )
    chapter = f"Kinds of {WITH_KINDS[section]}"
    meaning = f"The kind; the other keys depend on it: see [{chapter}](#{_anchor(chapter)})."
    return _code("kind"), ", ".join(map(_code, names)), "the name", meaning


def _see_models() -> str:
    chapters = [*(f"Kinds of {family}s" for family in LOOPS), ENSEMBLES]
    links = [f"[{chapter}](#{_anchor(chapter)})" for chapter in chapters]
    return f"For the keys, see {', '.join(links)}.\n"


def _corpora() -> list[str]:
    blocks = ["## Kinds of corpora\n"]
    for kind in registry.available("corpora"):
        path = f"corpora/{kind}.py"
        known = facts(kind)
        lines = {
            "Title": known.title,
            "Licence": known.licence,
            "Citation": known.citation,
            "Obtained": _source(registry.constant(path, "SOURCE")),
        }
        items = [f"- {label}: {text}\n" for label, text in lines.items() if text]
        blocks += [f"### {kind}\n", f"{first_line(path)}\n", "".join(items)]
        blocks.append(_settings_table(registry.constant(path, "SETTINGS")))
    return blocks


def _augmentations() -> list[str]:
    blocks = ["## Kinds of augmentations\n"]
    for kind, settings in registry.constant(AUGMENTATIONS, "SETTINGS").items():
        blocks += [f"### {kind}\n", _settings_table(settings)]
    return blocks


def _feature_sets() -> list[str]:
    blocks = ["## Kinds of feature sets\n"]
    for kind in registry.available("features"):
        path = f"features/{kind}.py"
        blocks += [f"### {kind}\n", f"{first_line(path)} {_unit(path)}\n"]
        if registry.constant(path, "PRETRAINED"):
            blocks += [ENCODERS_NOTE, _known_encoders()]
        blocks.append(_settings_table(registry.constant(path, "SETTINGS")))
    return blocks


def _unit(path: str) -> str:
    if registry.constant(path, "PRETRAINED"):
        return "Four vectors per clip and layer."
    return f"One vector per {'frame' if registry.constant(path, 'FRAMES') else 'clip'}."


def _known_encoders() -> str:
    rows = []
    for model, known in known_encoders().items():
        size = f"{known.parameters / 1e6:g} million"
        rows.append((f"{known.title}: {_code(model)}", size, known.licence, known.citation))
    return markdown_table(ENCODERS_HEADER, rows)


def _models() -> list[str]:
    blocks = []
    for family in LOOPS:
        shared = schema()["$defs"][family]["properties"]
        blocks += [f"## Kinds of {family}s\n", f"### Every {family}\n"]
        blocks.append(markdown_table(SETTINGS_HEADER, setting_rows(shared, required=[family])))
        for name in available_models(family):
            path = f"models/{name}.py"
            blocks += [f"### {name}\n", " ".join([first_line(path), *_traits(path)]) + "\n"]
            blocks.append(_settings_table(registry.constant(path, "SETTINGS")))
    ensemble = schema()["$defs"][ENSEMBLE]["properties"]
    rows = setting_rows(ensemble, required=[ENSEMBLE])
    return [*blocks, f"## {ENSEMBLES}\n", markdown_table(SETTINGS_HEADER, rows)]


def _traits(path: str) -> list[str]:
    """Return what a network reads, and whether other models can use its deep features."""
    inputs = {
        "vector": ["Reads one vector per clip."],
        "frames": ["Reads one vector per frame."],
        "layers": ["Reads the layers of one encoder."],
    }
    traits = inputs.get(registry.constant(path, "INPUT"), [])
    if registry.constant(path, "EXTRACTOR"):
        return [*traits, "It is an extractor: its deep features can be fused."]
    return traits


def first_line(path: str) -> str:
    """Return the first line of the docstring of a module, without importing the module."""
    tree = ast.parse((registry.ROOT / path).read_text(encoding="utf-8"))
    return ast.get_docstring(tree).splitlines()[0]


def _source(source: dict) -> str:
    if source["kind"] == "request":
        return f"on request, for registered users: <{source['ask']}>"
    return SOURCES[source["kind"]]


def _settings_table(properties: dict) -> str:
    """Return the table of a module's settings; those without a default must be set."""
    required = [key for key, value in properties.items() if "default" not in dereferenced(value)]
    rows = setting_rows(properties, required)
    return markdown_table(SETTINGS_HEADER, rows) if rows else "It has no settings.\n"


def _nested_rows(value: dict, place: str) -> list[tuple[str, ...]]:
    if "properties" in value:
        return setting_rows(value["properties"], value.get("required", ()), f"{place}.")
    items = value.get("items", {})
    if "properties" in items:
        return setting_rows(items["properties"], items.get("required", ()), f"{place}[].")
    return []


def _type_name(name: str, value: dict) -> str:
    if name == "array":
        items = value.get("items")
        return f"list of {type_of(items)}" if items and "properties" not in items else "list"
    if name == "object":
        entries = value.get("additionalProperties")
        return f"mapping to {type_of(entries)}" if isinstance(entries, dict) else "mapping"
    return name


def _limits(value: dict) -> list[str]:
    """Return the limits that a JSON schema sets to a value, in words."""
    words = {
        "minimum": "≥ {}",
        "exclusiveMinimum": "> {}",
        "maximum": "≤ {}",
        "exclusiveMaximum": "< {}",
        "multipleOf": "a multiple of {}",
    }
    limits = [text.format(value[key]) for key, text in words.items() if key in value]
    if value.get("minItems", 1) > 1:
        limits.append(f"at least {value['minItems']}")
    if "pattern" in value:
        limits.append(f"matching {_code(value['pattern'])}")
    return limits


def _default(value: dict) -> str:
    return _literal(value["default"]) if "default" in value else NO_DEFAULT


def _literal(value) -> str:
    """Return a value as `config.yaml` would have it."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=float("inf"))
    return _code(text.removesuffix("...\n").strip())


def _code(text: str) -> str:
    return f"`{text}`"


def _sentence(value: dict) -> str:
    return value["description"].strip()


def _anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _lower_first(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


if __name__ == "__main__":
    print(reference(), end="")
