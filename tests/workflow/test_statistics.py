"""Statistics in the study itself: what follows from the predictions, and what the page prints."""

import json
import re
from html import unescape

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from speech import voice
from studies import EVALUATION

pytestmark = pytest.mark.slow

FLOOR = "permuted_logistic_regression"


@pytest.fixture(scope="module")
def with_floor(finished, tmp_path_factory):
    """The small study with a model on permuted labels beside the others."""
    study = finished.copy(tmp_path_factory.mktemp("floor") / "study")
    config = study.config
    config["models"][FLOOR] = config["models"]["logistic_regression"] | {"labels": "permuted"}
    config["experiments"]["small"]["models"].append(FLOOR)
    config["experiments"]["small"]["reported"] = {"source": "others", "accuracy": 46}
    study.config = config
    study.due = study.would_run("results/small/report.html")
    study.snakemake("results/small/report.html")
    return study


def plain(study) -> str:
    page = unescape((study / "results/small/report.html").read_text()).replace("\xa0", " ")
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def read(study, name: str) -> pd.DataFrame:
    return pd.read_csv(study / f"results/small/{name}.csv")


def test_a_floor_trains_no_other_model_again(with_floor):
    trained = {"permuted_labels": 2, "estimator_search": 2, "estimator": 2}
    assert with_floor.due == trained | EVALUATION | {"report": 1}


def test_a_floor_is_trained_on_shuffled_labels_and_tested_on_true_ones(with_floor):
    results = with_floor / "results"
    truth = pd.read_parquet(results / "datasets/demo.parquet").set_index("clip")["emotion"]
    folds = pd.read_parquet(results / "small/folds.parquet")
    for fold in (1, 2):
        folder = results / f"small/{FLOOR}/fold_{fold}"
        labels = pd.read_parquet(folder / "labels.parquet").set_index("clip")["emotion"]
        roles = folds[folds["fold"] == fold].set_index("clip")["role"]
        same = (labels == truth[labels.index]).groupby(roles).mean()
        assert same["test"] == 1
        assert same["train"] < 0.5 and same["validation"] < 0.5
        answers = pd.read_parquet(folder / "answers.parquet")
        chosen = pd.read_csv(folder / "search.csv").query("chosen")
        validated = answers[answers["role"] == "validation"].set_index("clip")["predicted"]
        accuracy = accuracy_score(labels[validated.index], validated)
        assert accuracy == pytest.approx(chosen["validation_accuracy"].item())
    predictions = pd.read_parquet(results / "small/predictions.parquet")
    assert (predictions["emotion"] == truth[predictions["clip"]].to_numpy()).all()


def test_the_tables_follow_from_the_predictions(with_floor):
    predictions = pd.read_parquet(with_floor / "results/small/predictions.parquet")
    summary = read(with_floor, "summary").set_index("model")
    classes, pairs, floors = (read(with_floor, name) for name in ("classes", "pairs", "floors"))
    names = sorted(predictions["emotion"].unique())
    for model, rows in predictions.groupby("model"):
        expected = precision_recall_fscore_support(
            rows["emotion"], rows["predicted"], labels=names, zero_division=0
        )
        scores = classes[classes["model"] == model].set_index("emotion").loc[names]
        for metric, values in zip(("precision", "recall", "f1", "clips"), expected, strict=True):
            assert scores[metric].tolist() == pytest.approx(values.tolist())
    assert FLOOR in set(classes["model"])
    assert (summary.pop("reported_accuracy").drop(FLOOR) == 0.46).all()
    assert pd.isna(read(with_floor, "summary").set_index("model").loc[FLOOR, "reported_accuracy"])
    assert FLOOR not in set(pairs["model"]) | set(pairs["other"])
    assert len(pairs) == 3
    for row in pairs.itertuples():
        for metric in ("accuracy", "uar"):
            difference = getattr(row, f"{metric}_difference")
            expected = summary.loc[row.model, metric] - summary.loc[row.other, metric]
            assert difference == pytest.approx(expected, abs=1e-12)
    comparison = pd.read_csv(with_floor / "results/fused/comparison.csv").iloc[1]
    (same,) = pairs[(pairs["model"] == "conv1d") & (pairs["other"] == "fusion_conv1d_mlp")].to_dict(
        "records"
    )
    for figure in ("accuracy_difference", "accuracy_difference_low", "uar_difference_high", "p"):
        assert same[figure] == pytest.approx(comparison[figure], abs=1e-12)
    row = floors.set_index("floor").loc["labels permuted"]
    for figure in ("accuracy", "accuracy_low", "accuracy_high", "uar"):
        assert row[figure] == summary.loc[FLOOR, figure]
    assert set(floors["floor"]) == {"chance", "majority class", "corpus alone", "labels permuted"}


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def points(value: float) -> str:
    return f"{100 * value:+z.1f}".replace("-", "−")


def test_the_page_prints_the_tables(with_floor):
    page = plain(with_floor)
    by_model = dict(tuple(read(with_floor, "classes").groupby("model")))
    floor = by_model.pop(FLOOR)
    for rows in by_model.values():
        for row in rows.itertuples():
            cells = [
                f"{percent(getattr(row, metric))} {percent(getattr(row, f'{metric}_low'))}"
                f" – {percent(getattr(row, f'{metric}_high'))}"
                for metric in ("precision", "recall", "f1")
            ]
            if not row.answers:
                cells[0] = "never predicted"
            assert " ".join([row.emotion, str(row.clips), *cells]) in page
    assert len(floor) == 8
    for row in read(with_floor, "pairs").itertuples():
        low, high = points(row.accuracy_difference_low), points(row.accuracy_difference_high)
        assert f"{row.model} {row.other} {points(row.accuracy_difference)} {low} to {high}" in page
    for row in read(with_floor, "floors").query("floor != 'corpus alone'").itertuples():
        words = f"{row.floor} {FLOOR}, " if row.floor == "labels permuted" else f"{row.floor} "
        assert f"{words}{row.source} {percent(row.accuracy)} " in page
    row = read(with_floor, "floors").set_index("floor").loc["labels permuted"]
    assert f"({percent(row.accuracy_low)} – {percent(row.accuracy_high)})" in page
    assert (
        "With 4 actors and 3 pairs of models, no difference can be significant, however large"
        in page
    )


def test_the_figures_show_the_tables(with_floor):
    page = (with_floor / "results/small/report.html").read_text()
    section = page[page.index('<section id="statistics">') :]
    specs = re.findall(
        r'<script type="application/json">(.*?)</script>', section[: section.index("</section>")]
    )
    matrix, recall = map(json.loads, specs)
    cells = [row for data in matrix["datasets"].values() for row in data]
    differences = {(cell["model"], cell["other"]): cell["difference"] for cell in cells}
    for row in read(with_floor, "pairs").itertuples():
        expected = round(100 * row.accuracy_difference, 1)
        assert differences[row.model, row.other] == pytest.approx(expected)
        assert differences[row.other, row.model] == pytest.approx(-expected)
    shown = [row for data in recall["datasets"].values() for row in data]
    recalls = {(row["model"], row["emotion"]): row["recall"] for row in shown}
    classes = read(with_floor, "classes").query(f"model != '{FLOOR}'")
    assert len(recalls) == len(classes)
    for row in classes.itertuples():
        assert recalls[row.model, row.emotion] == round(100 * row.recall, 1)


def test_listeners_votes_that_came_with_a_copy_stand_beside_the_models(study, write_clip, tmp_path):
    """By ear sad is taken for neutral as often as for itself, and all else is recognised."""
    codes = {"ANG": "A", "DIS": "D", "FEA": "F", "HAP": "H", "NEU": "N", "SAD": "N:S"}
    votes = ["FileName,VoiceVote"]
    for actor in range(1001, 1005):
        for number, (code, vote) in enumerate(codes.items()):
            name = f"{actor}_IEO_{code}_XX"
            write_clip(f"copy/AudioWAV/{name}.wav", voice(1, 16000, 10 * actor + number))
            votes.append(f"{name},{vote}")
    (tmp_path / "copy/summaryTable.csv").write_text("\n".join(votes))
    config = study.config
    config["corpora"] = {"crema_d": {"path": str(tmp_path / "copy")}}
    config["datasets"]["demo"]["corpora"] = ["crema_d"]
    config["experiments"]["small"] |= {"augment": [], "models": ["logistic_regression"]}
    config["comparisons"] = {}
    study.config = config
    study.snakemake("results/small/report.html")
    floors = read(study, "floors").set_index("floor")
    assert floors.loc["people", ["accuracy", "source"]].tolist() == [0.409, "Cao et al. 2014"]
    voted = floors.loc["people, by vote"].fillna({"emotion": "all"}).set_index("emotion")
    assert voted["clips"].to_dict() == {"all": 24, **dict.fromkeys(voted.index[1:], 4)}
    expected = {"angry": 1, "disgust": 1, "fear": 1, "happy": 1, "neutral": 1, "sad": 0.5}
    assert voted["accuracy"].to_dict() == expected | {"all": pytest.approx(5.5 / 6)}
    page = plain(study)
    assert "People, % recognised, by vote" in page
    assert "people, by vote summaryTable.csv, audio only 91.7" in page
