"""`snakemake --profile slurm-gpu` on a real Slurm, when all goes well."""

import pandas as pd
import pytest

from cluster_runs import ESTIMATED, EVALUATED, REPORT, Head, rules
from studies import new_study, tables

pytestmark = pytest.mark.slow


def most_at_once(jobs: list[dict[str, str]]) -> int:
    """Return how many jobs ran at the same time."""
    times = pd.DataFrame(jobs)[["started", "end"]].apply(pd.to_datetime)
    return max(((times["started"] <= at) & (times["end"] > at)).sum() for at in times["started"])


def test_a_study_from_nothing(finished, cluster, submit, tmp_path):
    study = submit(new_study(tmp_path / "study"))
    Head(study, REPORT).ends_well()
    jobs = cluster.jobs()
    assert {job["state"] for job in jobs} == {"COMPLETED"}
    assert sorted(job["rule"] for job in jobs) == sorted(
        [
            "rule_synthetic_corpus_wildcards_demo",
            "rule_index_clips_dataset_folds",
            *["rule_features_features"] * 3,
            *["rule_networks_deep_features_network"] * 2,
            ESTIMATED,
            EVALUATED,
        ]
    )
    for job in jobs:
        on_gpu = job["rule"].startswith("rule_networks")
        assert job["partition"] == ("gpu" if on_gpu else "cpu")
        assert ("gpu" in cluster.ask("scontrol", "show", "job", job["id"])) == on_gpu
    assert most_at_once(jobs) > 1, "the head had one core"
    fused = {path for path in tables(finished.folder) if "fused" in path}
    assert tables(study.folder) == {
        path: content for path, content in tables(finished.folder).items() if path not in fused
    }
    assert (study / REPORT).exists()


def test_an_edit_submits_only_what_it_invalidates(finished, cluster, submit, tmp_path):
    study, local = submit(finished.copy(tmp_path / "a")), finished.copy(tmp_path / "b")
    for copy in (study, local):
        copy.set("models.fusion_conv1d_mlp.epochs", 3)
    profile = study / "profiles/slurm-gpu/config.yaml"
    site = profile.read_text().replace("    gpu: 1 ", '    gres: "gpu:1" ')
    for name in ("slurm_account", "qos", "tmpdir"):
        assert f"# {name}: " in site
        site = site.replace(f"# {name}: ", f"{name}: ")
    profile.write_text(site.replace("/scratch", str(tmp_path)))
    # Without accounting Slurm takes any account, but the plugin asks first which there are.
    cluster.command("sacctmgr", "echo my_project")
    local.snakemake(REPORT)
    Head(study, REPORT).ends_well()
    assert rules(cluster) == [*["rule_networks_network"] * 2, EVALUATED]
    for job in cluster.jobs():
        said = cluster.ask("scontrol", "show", "job", job["id"])
        assert ("gres:gpu" in said) == ("network" in job["rule"])
        assert "Account=my_project" in said
    assert tables(study.folder) == tables(local.folder)
