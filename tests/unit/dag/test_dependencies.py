"""What a script depends on."""

import subprocess
import sys
from pathlib import Path

import pytest

from serfusion.dag import dependencies

SCRIPTS = Path(dependencies.LIBRARY) / "scripts"


def library(script: str, *modules: str) -> set[str]:
    found = dependencies.code(SCRIPTS / script, *modules)
    return {str(path.relative_to(dependencies.LIBRARY)) for path in found}


def test_code_is_the_script_and_what_it_imports():
    acoustic = library("features.py", "serfusion.features.acoustic")
    assert {
        "scripts/features.py",
        "serfusion/clips/audio.py",
        "serfusion/features/acoustic.py",
    } <= acoustic
    assert "serfusion/features/statistical.py" not in acoustic
    assert not any("models/" in path or "report/" in path for path in acoustic)


@pytest.mark.parametrize(
    "script", ["report.py", "estimator.py", "evaluation.py", "features.py", "clips.py"]
)
def test_only_networks_load_torch(script):
    modules = [
        path.removesuffix(".py").replace("/", ".")
        for path in library(script, "serfusion.models.svm_rbf", "serfusion.features.acoustic")
        if path.startswith("serfusion/") and "__init__" not in path
    ]
    line = f"import {', '.join(modules)}, sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", line], check=True, cwd=dependencies.LIBRARY)


def test_the_library_never_imports_snakemake():
    for path in (dependencies.LIBRARY / "serfusion").rglob("*.py"):
        assert "import snakemake" not in path.read_text(), path
