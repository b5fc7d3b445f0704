"""The style of code and workflow, and that the environments agree with the lock file."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("snakefmt", "--check", "Snakefile", "rules"),
        ("snakemake", "--lint"),
        ("codespell",),
    ],
    ids=" ".join,
)
def test_nothing_to_say(command):
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_is_short_and_every_link_between_documents_leads_somewhere():
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CHANGELOG.md"]
    assert len(documents[0].read_text().splitlines()) <= 150
    for document in documents:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            linked = (document.parent / path).resolve() if path else document
            assert linked.exists(), f"{document.name}: {target}"
            if anchor:
                assert anchor in anchors(linked.read_text()), f"{document.name}: {target}"


def anchors(text: str) -> set[str]:
    """Return the anchors that the headings of a Markdown document have."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading).strip().lower() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def test_one_version_stands_everywhere():
    version = re.search(
        r'__version__ = "(.*)"', (ROOT / "workflow/serfusion/__init__.py").read_text()
    )
    assert f"version: {version[1]}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version[1]} " in (ROOT / "CHANGELOG.md").read_text()


def test_make_names_the_pythons_that_it_looked_for(tmp_path):
    for name in ("Makefile", "requirements.lock"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    shell = {name: shutil.which(name) for name in ("make", "sh", "test", "echo")}
    for name, path in shell.items():
        (tmp_path / name).symlink_to(path)
    done = subprocess.run(
        [tmp_path / "make", ".venv/installed"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "No Python found: looked for python3.11 python3.12 python3.13." in done.stdout


def test_make_takes_the_first_python_that_can_make_environments(tmp_path):
    for name in ("Makefile", "requirements.lock"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    for name, status in (("python3.11", 127), ("python3.12", 0), ("python3.13", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [shutil.which("make"), "--dry-run", ".venv/installed"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "\npython3.12 -m venv .venv\n" in done.stdout, done.stdout + done.stderr


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return {normal(name): version for name, version in (line.split("==") for line in lines)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["cpu", "gpu"])
def test_an_environment_has_the_locked_versions(name):
    environment = yaml.safe_load((ROOT / f"envs/{name}.yaml").read_text())
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    versions = locked()
    for requirement in pip:
        package, version = requirement.split("==")
        assert versions[normal(package)] == version


NOT_IN_JOBS = {"snakemake-executor-plugin-slurm"}
ONLY_NETWORKS = {"torch", "pytorch-lightning", "safetensors", "transformers"}


@pytest.mark.parametrize(
    ("name", "absent"), [("cpu", NOT_IN_JOBS | ONLY_NETWORKS), ("gpu", NOT_IN_JOBS)]
)
def test_an_environment_has_every_dependency_of_the_package(name, absent):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {normal(re.split("[=<>~]", each)[0]) for each in project["dependencies"]}
    environment = yaml.safe_load((ROOT / f"envs/{name}.yaml").read_text())
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert {normal(requirement.split("==")[0]) for requirement in pip} == needed - absent


def test_the_container_has_the_locked_versions():
    definition = (ROOT / "envs/serfusion.def").read_text()
    assert "requirements.lock /opt/requirements.lock" in definition
    assert "--requirement /opt/requirements.lock" in definition
    assert "==" not in definition
    python = yaml.safe_load((ROOT / "envs/gpu.yaml").read_text())["dependencies"][0]
    assert f"From: {python.replace('=', ':')}-" in definition


def test_only_jobs_on_the_gpu_have_torch():
    assert "torch" not in (ROOT / "envs/cpu.yaml").read_text()
    assert f"torch=={locked()['torch']}" in (ROOT / "envs/gpu.yaml").read_text()


def test_every_rule_says_what_the_design_wants_of_it():
    for path in (ROOT / "rules").glob("*.smk"):
        for rule in re.split(r"^rule ", path.read_text(), flags=re.M)[1:]:
            for directive in (
                "output",
                "log",
                "benchmark",
                "conda",
                "threads",
                "resources",
                "message",
            ):
                assert f"    {directive}:" in rule, f"{path.name}: {rule.split(':')[0]}"
            if "localrule: True" not in rule:
                for resource in ("mem_mb", "runtime"):
                    assert f"        {resource}=asks(" in rule, f"{path.name}: {rule.split(':')[0]}"
