"""A whole run: what it writes, and what the report says."""

import json
import re
from html import unescape

import pandas as pd
import pyarrow.parquet as pq
import pytest

from serfusion.clips.indexing import SCHEMA as CLIPS
from serfusion.evaluation.counts import confusion
from serfusion.evaluation.metrics import scores
from serfusion.protocol.folds import SCHEMA as FOLDS
from speech import voice
from studies import tables

pytestmark = pytest.mark.slow


def test_the_tables_have_the_columns_of_the_design(finished):
    assert len(tables(finished.folder)) == 3 + 2 + 9 + 1 + 3 * 2 + 2 * 2 + 2 + 2 + 3 + 3 + 3 + 1
    results = finished / "results"
    emotions = ["angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    assert pq.read_schema(results / "corpora/demo/clips.parquet").equals(CLIPS)
    assert pq.read_schema(results / "small/folds.parquet").equals(FOLDS)
    assert pd.read_csv(results / "corpora/demo/rejected.csv").columns.tolist() == ["path", "reason"]
    acoustic = pq.read_schema(results / "features/acoustic/demo/noise.parquet")
    assert acoustic.names[:4] == ["clip", "augmentation", "zcr", "chroma_0"]
    assert acoustic.names[-1] == "mel_127"
    assert len(acoustic.names) == 2 + 162
    assert {str(kind) for kind in acoustic.types[2:]} == {"float"}
    predictions = pq.read_schema(results / "small/predictions.parquet").names
    assert predictions == [
        *("clip", "corpus", "actor", "gender", "fold", "model", "emotion", "predicted"),
        *(f"p_{emotion}" for emotion in emotions),
    ]
    metrics = pd.read_csv(results / "small/metrics.csv")
    assert metrics.columns.tolist() == [
        *("model", "fold", "role", "n", "accuracy", "uar", "macro_precision", "macro_f1"),
    ]
    assert len(metrics) == 3 * 2 * 3


def test_features_and_predictions_have_a_row_for_each_clip(finished):
    results = finished / "results"
    clips = set(pd.read_parquet(results / "corpora/demo/clips.parquet")["clip"])
    for path in results.glob("features/*/demo/*.parquet"):
        table = pd.read_parquet(path)
        assert sorted(table["clip"]) == sorted(clips)
        assert set(table["augmentation"]) == {path.stem}
    predictions = pd.read_parquet(results / "small/predictions.parquet")
    for _, own in predictions.groupby("model"):
        assert sorted(own["clip"]) == sorted(clips)


def test_the_summary_follows_from_the_predictions(finished):
    results = finished / "results/small"
    predictions = pd.read_parquet(results / "predictions.parquet")
    summary = pd.read_csv(results / "summary.csv").set_index("model")
    names = sorted(predictions["emotion"].unique())
    for model, own in predictions.groupby("model"):
        pooled = scores(confusion(own["emotion"], own["predicted"], names))
        assert summary.loc[model, "accuracy"] == pytest.approx(pooled["accuracy"])
        assert summary.loc[model, "uar"] == pytest.approx(pooled["uar"])
        by_fold = (own["emotion"] == own["predicted"]).groupby(own["fold"]).mean()
        assert summary.loc[model, "accuracy_mean"] == pytest.approx(by_fold.mean())
        assert summary.loc[model, "accuracy_std"] == pytest.approx(by_fold.std(ddof=0))


def test_a_comparison_follows_from_the_predictions(finished):
    predictions = pd.read_parquet(finished / "results/small/predictions.parquet")
    summary = pd.read_csv(finished / "results/small/summary.csv").set_index("model")
    baseline, arm = pd.read_csv(finished / "results/fused/comparison.csv").to_dict("records")
    assert (baseline["model"], arm["model"]) == ("fusion_conv1d_mlp", "conv1d")
    for row in (baseline, arm):
        assert row["clips"] == len(predictions) / 3
        for figure in ("accuracy", "accuracy_low", "accuracy_high", "accuracy_mean", "uar_high"):
            assert row[figure] == summary.loc[row["model"], figure]
    difference = arm["accuracy"] - baseline["accuracy"]
    assert arm["accuracy_difference"] == pytest.approx(difference, abs=1e-12)
    assert arm["baseline_accuracy"] == baseline["accuracy"]
    assert arm["p_holm"] == arm["p"]


def test_the_report_of_a_comparison_prints_its_table(finished):
    page = unescape((finished / "results/fused/report.html").read_text())
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\xa0", " ")))
    _, arm = pd.read_csv(finished / "results/fused/comparison.csv").to_dict("records")
    low, high = (100 * arm[f"accuracy_difference_{end}"] for end in ("low", "high"))
    assert f"{low:+.1f} to {high:+.1f}".replace("-", "−") in plain
    assert f"{100 * arm['accuracy_mean']:.1f} ± {100 * arm['accuracy_std']:.1f}" in plain
    assert "Synthetic speech." in plain
    assert "with seed 17" in plain
    assert "snakemake results/fused/report.html" in plain


@pytest.mark.parametrize("name", ["small", "fused"])
def test_the_report_is_one_file_that_needs_no_network(finished, name):
    page = (finished / f"results/{name}/report.html").read_text()
    scripts = re.findall(r"<script[^>]*>", page)
    assert len(scripts) == page.count("</script>")
    assert not [script for script in scripts if "src" in script]
    markup = re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.S)
    assert not re.findall(r"<(?:script|img|iframe|link)", markup)
    assert "@import" not in markup and "url(" not in markup
    sources = re.findall(r'\b(?:src|xlink:href)="(.*?)"', markup)
    assert all(own.startswith("data:") for own in sources)


def test_the_report_prints_the_summary_and_says_that_speech_is_synthetic(finished):
    page = unescape((finished / "results/small/report.html").read_text())
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\xa0", " ")))
    metrics = pd.read_csv(finished / "results/small/metrics.csv")
    extractor = sum(
        json.loads((finished / f"results/small/conv1d/fold_{fold}/fit.json").read_text())[
            "train_seconds"
        ]
        for fold in (1, 2)
    )
    assert f" + {extractor:,.1f} " in plain
    for row in pd.read_csv(finished / "results/small/summary.csv").to_dict("records"):
        own = metrics[metrics["model"] == row["model"]]
        validation = 100 * own.loc[own["role"] == "validation", "accuracy"]
        for name in ("accuracy", "uar", "macro_f1"):
            mean, std, pooled, low, high = (
                f"{100 * row[name + part]:.1f}" for part in ("_mean", "_std", "", "_low", "_high")
            )
            assert f"{mean} ± {std} {pooled} ({low} – {high})" in plain
        assert (
            f"{validation.mean():.1f} ± {validation.std(ddof=0):.1f} {row['parameters']:,} "
            in plain
        )
    assert "Synthetic speech." in plain
    assert "Optimistic validation" not in plain
    audit = json.loads((finished / "results/small/audit.json").read_text())
    assert audit["tested_clips"] == 128


def test_the_settings_that_validation_likes_best_are_those_of_the_model(finished):
    results = finished / "results/small"
    metrics = pd.read_csv(results / "metrics.csv").set_index(["model", "fold", "role"])
    for fold in (1, 2):
        folder = results / f"logistic_regression/fold_{fold}"
        table = pd.read_csv(folder / "search.csv")
        assert table.columns.tolist() == ["C", "validation_accuracy", "validation_loss", "chosen"]
        assert table["C"].tolist() == [0.01, 1]
        (best,) = table[table["chosen"]].to_dict("records")
        record = json.loads((folder / "fit.json").read_text())
        assert record["chosen"] == {"C": best["C"]}
        found = metrics.loc[("logistic_regression", fold, "validation"), "accuracy"]
        assert found == best["validation_accuracy"] == table["validation_accuracy"].max()


def test_the_report_says_what_was_tried(finished):
    page = unescape((finished / "results/small/report.html").read_text())
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "2 settings of 1 model were tried in all, each in every fold." in plain
    assert "conv1d as in config.yaml, not searched" in plain
    paths = (finished / "results/small").glob("logistic_regression/fold_?/search.csv")
    tried = pd.concat(pd.read_csv(path) for path in paths).groupby("C")
    for value, rows in tried:
        accuracy, chosen = 100 * rows["validation_accuracy"].mean(), rows["chosen"].sum()
        assert f"C = {value:g} {accuracy:.1f} {chosen} " in plain


def test_validation_by_clip_is_named_optimistic_in_the_report(finished, tmp_path):
    study = finished.copy(tmp_path / "study")
    config = study.config
    config["experiments"]["small"]["validation"] = {"by": "clip", "share": 0.2}
    config["experiments"]["small"]["models"] = ["logistic_regression"]
    config["comparisons"] = {}
    study.config = config
    study.snakemake("results/small/report.html")
    assert "Optimistic validation" in (study / "results/small/report.html").read_text()


def test_every_rule_leaves_a_log_and_a_benchmark(finished):
    for path in (finished / "results").rglob("fit.json"):
        place = path.parent.relative_to(finished / "results")
        assert (finished / "logs" / f"{place}.log").stat().st_size
        assert (finished / "benchmarks" / f"{place}.tsv").stat().st_size


def test_a_corrupt_file_is_left_out_and_the_rest_goes_on(study, write_clip, tmp_path):
    config = study.config
    config["corpora"] = {"ravdess": {"path": str(tmp_path / "speech")}}
    config["datasets"]["demo"]["corpora"] = ["ravdess"]
    study.config = config
    for actor in ("01", "02"):
        for emotion in ("03", "04"):
            name = f"speech/Actor_{actor}/03-01-{emotion}-01-01-01-{actor}.wav"
            write_clip(name, voice(1, 16000, int(actor + emotion)))
    corrupt = tmp_path / "speech/Actor_02/03-01-05-01-01-01-02.wav"
    corrupt.write_bytes(b"RIFF0000")
    study.snakemake("results/datasets/demo.parquet")
    assert len(pd.read_parquet(study / "results/datasets/demo.parquet")) == 4
    rejected = pd.read_csv(study / "results/corpora/ravdess/rejected.csv")
    assert rejected["path"].tolist() == [str(corrupt)]
    assert rejected["reason"].str.startswith("unreadable").all()
