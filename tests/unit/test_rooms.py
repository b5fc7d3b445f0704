"""The rooms of the library: what each may import, and what a reader finds under one word."""

import ast
import re
from pathlib import Path

import pytest

from studies import ROOT

LIBRARY = ROOT / "workflow" / "serfusion"
RULES = sorted((ROOT / "rules").glob("*.smk"))
SCRIPTS = ROOT / "workflow" / "scripts"

ORDER = (
    ("study",),
    ("dag",),
    ("corpora",),
    ("obtaining", "speech", "synthesis"),
    ("clips",),
    ("extraction",),
    ("features",),
    ("protocol",),
    ("layers", "models"),
    ("fitting",),
    ("evaluation",),
    ("report",),
)
"""A room imports from its own row, from the rows above, and from the root of the package."""

PLACES = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
SUBROOMS = ("page", "experiment", "comparison", "summary")
PLUGINS = ("corpora", "features", "models", "synthesis")
AT_THE_ROOT = {"digests", "errors", "files", "logs", "names", "parallel", "registry", "seeds"}

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.M | re.S)
PARAMS = re.compile(r"^    params:\n((?:^        .*\n|^\n)+)", re.M)


def modules() -> list[Path]:
    return sorted(path for path in LIBRARY.rglob("*.py") if path.name != "__init__.py")


def imported(path: Path) -> set[str]:
    """Return the full names of the library's modules and functions that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("serfusion"):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("serfusion")}
    return names


def rules() -> dict[str, str]:
    """Return the text of each rule by its name."""
    texts = (path.read_text(encoding="utf-8") for path in RULES)
    return {name: body for text in texts for name, body in RULE.findall(text)}


def test_every_module_is_in_a_room_of_the_order_or_at_the_root():
    folders = {path.relative_to(LIBRARY).parts[0] for path in modules() if path.parent != LIBRARY}
    assert folders == set(PLACES)
    assert {path.stem for path in modules() if path.parent == LIBRARY} == AT_THE_ROOT


@pytest.mark.parametrize("room", PLACES)
def test_a_room_imports_from_rooms_above_it_alone(room):
    for path in (LIBRARY / room).rglob("*.py"):
        for name in imported(path):
            other = name.split(".")[1]
            if other in PLACES:
                assert PLACES[other] <= PLACES[room], f"{path.name} of {room} imports {name}"


def test_what_stands_at_the_root_imports_from_no_room():
    for path in LIBRARY.glob("*.py"):
        assert not {name.split(".")[1] for name in imported(path)} & set(PLACES), path.name


def test_pages_share_the_page_and_nothing_of_one_another():
    for page in SUBROOMS[1:]:
        for path in (LIBRARY / "report" / page).glob("*.py"):
            used = {name.split(".")[2] for name in imported(path) if ".report." in name}
            assert used <= {"page", page}, path.name
    for path in (LIBRARY / "report" / "page").glob("*.py"):
        assert {name.split(".")[2] for name in imported(path) if ".report." in name} <= {"page"}


@pytest.mark.parametrize("family", PLUGINS)
def test_a_plugin_folder_holds_plugins_alone(family):
    declared = "synthesise" if family == "synthesis" else "SETTINGS"
    files = [path for path in (LIBRARY / family).iterdir() if path.name != "__pycache__"]
    plugins = {path.stem for path in files if path.suffix == ".py"} - {"__init__"}
    for path in files:
        if path.suffix == ".yaml":
            assert family in ("corpora", "features") and path.stem in plugins, path.name
        elif path.stem != "__init__":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {getattr(node, "name", None) for node in tree.body} | {
                getattr(node.targets[0], "id", None)
                for node in tree.body
                if isinstance(node, ast.Assign)
            }
            assert declared in names, path.name


def test_a_rule_and_its_script_have_one_name():
    scripts = {
        name: Path(found[1]).stem
        for name, body in rules().items()
        if (found := re.search(r'script:\n\s+"(.*?)"', body))
    }
    assert all(name == script for name, script in scripts.items())
    assert set(scripts.values()) == {path.stem for path in SCRIPTS.glob("*.py")}


def test_a_param_that_no_script_reads_says_that_it_triggers_reruns():
    for name, body in rules().items():
        params = PARAMS.search(body)
        if not params:
            continue
        keys = set(re.findall(r"^        (\w+)=", params[1], re.M))
        script = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
        read = set(re.findall(r"\bparams\.(\w+)", script))
        unread = keys - read
        assert all(key.startswith("rerun_on_") for key in unread), (name, unread)
        assert read <= keys, (name, read - keys)


def test_no_script_resolves_the_whole_configuration():
    for path in SCRIPTS.glob("*.py"):
        names = {name.rpartition(".")[2] for name in imported(path)}
        assert not names & {"resolve", "load"} or path.stem == "deep_features", path.name
