"""The reference: current, complete, and Markdown that a browser shows as it is meant."""

import re

import pytest

from serfusion import registry
from serfusion.study import reference
from serfusion.study.schema import dereferenced, schema
from studies import ROOT

PAGE = ROOT / "docs" / "reference.md"
CHAPTERS = {
    "corpora": "Kinds of corpora",
    "features": "Kinds of feature sets",
    "network": "Kinds of networks",
    "estimator": "Kinds of estimators",
}
CELL = re.compile(r"(?<!\\)\|")


def chapter(name: str) -> dict[str, str]:
    """Return the sections of a chapter of the page by their titles."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    parts = re.split(r"^### (.*)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def keys(section: str) -> set[str]:
    """Return the first cells of a section's table."""
    return set(re.findall(r"^\| `(.*?)` \|", section, re.M))


def nested_keys(properties: dict, prefix: str = "") -> set[str]:
    """Return every key of a JSON schema, those of nested objects with the keys above them."""
    names = set()
    for key, value in properties.items():
        names.add(prefix + key)
        items = value.get("items", {})
        names |= nested_keys(value.get("properties", {}), f"{prefix}{key}.")
        names |= nested_keys(items.get("properties", {}), f"{prefix}{key}[].")
    return names


def test_the_page_is_what_the_generator_prints():
    assert PAGE.read_text(encoding="utf-8") == reference.reference(), (
        "docs/reference.md is out of date: write it anew with "
        "`PYTHONPATH=workflow python -m serfusion.study.reference > docs/reference.md`."
    )


def test_every_key_of_the_configuration_is_in_it():
    sections = chapter("config.yaml")
    assert list(sections) == list(schema()["properties"])
    for name in ("datasets", "experiments", "comparisons"):
        entry = schema()["properties"][name]["additionalProperties"]
        assert keys(sections[name]) == nested_keys(entry["properties"])
    assert keys(sections["seed"]) == {"seed"}
    assert keys(sections["report"]) == {"mistakes"}
    assert keys(sections["augmentations"]) == keys(sections["features"]) == {"kind"}
    assert keys(sections["corpora"]) == {"kind", "title", "licence", "citation", "embed_audio"}
    references = {"references": schema()["properties"]["references"]}
    assert keys(sections["references"]) == nested_keys(references)


@pytest.mark.parametrize("family", CHAPTERS)
def test_every_setting_of_every_module_is_in_it(family):
    folder = family if family in ("corpora", "features") else "models"
    modules = {
        name: registry.constant(f"{folder}/{name}.py", "SETTINGS")
        for name in registry.available(folder)
        if folder != "models" or registry.constant(f"models/{name}.py", "KIND") == family
    }
    sections = chapter(CHAPTERS[family])
    if folder == "models":
        shared = sections.pop(f"Every {family}")
        properties = schema()["$defs"][family]["properties"]
        assert keys(shared) == nested_keys(
            {key: dereferenced(value) for key, value in properties.items()}
        )
    assert set(sections) == set(modules)
    for name, settings in modules.items():
        listed = {key for key in keys(sections[name]) if "." not in key}
        assert listed == set(settings), name


def test_every_augmentation_is_in_it():
    sections = chapter("Kinds of augmentations")
    settings = registry.constant("extraction/augmentation.py", "SETTINGS")
    assert {kind: keys(section) for kind, section in sections.items()} == {
        kind: set(values) for kind, values in settings.items()
    }


def test_every_table_is_in_it():
    sections = chapter("Tables")
    for table in reference.table_descriptions():
        section = sections[table["title"]]
        assert table["path"] in section
        assert keys(section) == set(table.get("columns") or table["keys"])
    assert len(sections) == len(reference.table_descriptions())


def test_every_row_has_a_meaning_and_as_many_cells_as_its_header():
    columns = None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = CELL.split(line)
        columns = columns or len(cells)
        assert len(cells) == columns, line
        assert cells[-2].strip(), line


def test_every_description_is_a_sentence():
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            assert line.endswith(". |"), line


def test_nothing_in_it_is_taken_for_html():
    text = re.sub(r"`[^`\n]*`", "", PAGE.read_text(encoding="utf-8"))
    assert not re.findall(r"<(?!https?://)\S", text)


def test_every_link_leads_to_a_heading():
    text = PAGE.read_text(encoding="utf-8")
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings}
    links = re.findall(r"\]\(#(.*?)\)", text)
    assert links
    assert set(links) <= anchors


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"type": "integer", "minimum": 1}, "integer (≥ 1)"),
        ({"type": ["number", "null"], "exclusiveMinimum": 0}, "number (> 0) or null"),
        ({"type": "number", "minimum": 0, "exclusiveMaximum": 1}, "number (≥ 0, < 1)"),
        ({"enum": [True, "permuted"]}, "`true`, `permuted`"),
        ({"anyOf": [{"const": "shared"}, {"type": "null"}]}, "`shared` or null"),
        ({"type": "array", "items": {"enum": ["zcr", "mel"]}}, "list of `zcr`, `mel`"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "mapping to string"),
        ({"$ref": "#/$defs/percent"}, "number (≥ 0, ≤ 100)"),
    ],
)
def test_types_in_words(value, words):
    assert reference.type_of(value) == words


def test_a_default_is_written_as_yaml_reads_it():
    settings = {"rate": {"type": "number", "default": 1e-7, "description": "A rate."}}
    assert reference.setting_rows(settings) == [("`rate`", "number", "`1.0e-07`", "A rate.")]


def test_pipes_in_cells_are_escaped():
    table = reference.markdown_table(("Key", "Meaning"), [("`a`", "a | b")])
    assert table == "| Key | Meaning |\n| --- | --- |\n| `a` | a \\| b |\n"
