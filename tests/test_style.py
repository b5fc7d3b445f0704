"""The style of code and workflow, and that the environments agree with the lock file."""

import re
import subprocess
import sys
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
    ],
    ids=" ".join,
)
def test_nothing_to_say(command):
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


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
