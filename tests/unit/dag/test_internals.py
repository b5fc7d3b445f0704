"""What the workflow leans on in Snakemake's insides is there, in the version that is pinned."""

import inspect
import tomllib
from importlib.metadata import version

from packaging.requirements import Requirement
from snakemake.api import SnakemakeApi  # noqa: F401, first: its modules import one another
from snakemake.dag import DAG
from snakemake.persistence import PersistenceBase
from snakemake.workflow import Workflow

from serfusion.dag import internals
from studies import ROOT

MOVED = "Snakemake has moved what serfusion.dag.internals leans on: mend that file first"


def test_the_minor_version_is_the_one_that_is_pinned_and_was_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = next(
        each for each in map(Requirement, project["dependencies"]) if each.name == "snakemake"
    )
    assert version("snakemake").startswith(f"{internals.VERSION}."), MOVED
    assert str(pinned.specifier) == f"=={internals.VERSION}.*"
    assert f'min_version("{internals.VERSION}")' in (ROOT / "Snakefile").read_text()


def test_what_a_run_makes_and_was_asked_for_is_found_where_it_was():
    source = inspect.getsource(DAG)
    assert callable(getattr(DAG, "needrun_jobs", None)), MOVED
    for attribute in ("targetfiles", "targetrules"):
        assert f"self.{attribute}" in source, MOVED


def test_records_are_written_as_they_were():
    finished = getattr(PersistenceBase, "finished", None)
    assert inspect.iscoroutinefunction(finished), MOVED
    assert list(inspect.signature(finished).parameters) == ["self", "job"], MOVED
    assert list(inspect.signature(PersistenceBase.started).parameters)[:2] == ["self", "job"], MOVED
    assert "max_checksum_file_size" in inspect.getsource(PersistenceBase), MOVED


def test_the_workflow_offers_what_it_did():
    for attribute in ("async_run", "dag", "persistence", "local_exec", "current_basedir"):
        assert hasattr(Workflow, attribute) or f"self.{attribute}" in inspect.getsource(Workflow), (
            MOVED
        )
