"""Files that are whole or absent, seeds, the registry, and what a script depends on."""

import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serfusion import files, registry
from serfusion.dag import dependencies
from serfusion.errors import Refusal
from serfusion.fitting.paths import model_and_fold
from serfusion.seeds import seed_for

SCRIPTS = Path(dependencies.LIBRARY) / "scripts"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "table.parquet"
    schema = pa.schema([("n", pa.int16())])
    files.write_parquet(pd.DataFrame({"n": [1]}), schema, path)
    before = path.read_bytes()
    with pytest.raises(pa.ArrowInvalid):
        files.write_parquet(pd.DataFrame({"n": [1_000_000]}), schema, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["table.parquet"]


def test_a_table_is_read_with_its_words_as_they_are(tmp_path):
    words = {"model": ["01", "NA", "nan"], "emotion": [np.nan, "None", "1"]}
    table = pd.DataFrame(words | {"p": [np.nan, 0.5, 1], "n": [1, 2, 3], "chosen": True})
    files.write_csv(table, tmp_path / "table.csv")
    read = files.read_csv(tmp_path / "table.csv", ["model", "emotion"])
    pd.testing.assert_frame_equal(read, table)


def test_a_failed_folder_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), files.atomic_folder(tmp_path / "folder") as folder:
        (folder / "half").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@given(st.integers(0, 2**40), st.text(), st.text())
def test_seeds_are_32_bits_and_depend_on_every_name(seed, one, other):
    assert 0 <= seed_for(seed, one, other) < 2**32
    assert seed_for(seed, one, other) == seed_for(seed, one, other)
    assert (seed_for(seed, one) == seed_for(seed, other)) == (one == other)


def test_an_unknown_module_is_refused_with_a_hint():
    with pytest.raises(Refusal, match="there is no 'conv1'; did you mean 'conv1d'"):
        registry.load("models", "conv1")


def test_settings_are_read_without_importing():
    script = "from serfusion import registry; import sys; registry.available('models'); "
    script += "assert 'torch' not in sys.modules and 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=dependencies.LIBRARY)


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


def test_a_path_says_model_and_fold():
    assert model_and_fold("results/demo/conv1d/fold_12/fit.json") == ("conv1d", 12)


JOB = """
from serfusion import logs
from serfusion.errors import Refusal
logs.start("job.log")
{}
"""


def job(folder: Path, line: str) -> subprocess.CompletedProcess:
    environment = {"PYTHONPATH": str(dependencies.LIBRARY), "PATH": ""}
    return subprocess.run(
        [sys.executable, "-c", JOB.format(line)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_refusal_ends_a_job_with_its_sentence_alone(tmp_path):
    ended = job(tmp_path, "raise Refusal('The folder is empty.')")
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("Refused: The folder is empty.")
    assert "Traceback" not in ended.stderr
    assert "Refused: The folder is empty." in (tmp_path / "job.log").read_text()


def test_any_other_error_ends_it_with_its_traceback_in_the_log(tmp_path):
    ended = job(tmp_path, "1 / 0")
    assert ended.returncode == 1
    assert "ZeroDivisionError" in (tmp_path / "job.log").read_text()
    assert logging.getLogger("serfusion").handlers == []
