"""Adapted models through the DAG: which clips are scored, and where their figures stand."""

import json
import re
from html import unescape

import pandas as pd
import pytest

from serfusion.study.reference import table_descriptions
from studies import EVALUATION, Study, new_study

pytestmark = pytest.mark.slow

CLIPS = {"adapted_1": 1, "adapted_5": 5, "adapted_all": "all", "adapted_2_happy": 2}
ADAPTED = [*CLIPS, "adapted_pair"]
MODELS = ["plain", "other", "floor"]
REPORT = "results/small/report.html"


@pytest.fixture(scope="module")
def adapted(tmp_path_factory) -> Study:
    """A study of one model, adapted by more and more clips, and of an ensemble of such."""
    study = new_study(tmp_path_factory.mktemp("adapted") / "study")
    config = study.config
    plain = {"estimator": "logistic_regression", "features": "acoustic", "search": {"C": [0.1, 1]}}
    config["models"] = {
        "plain": plain,
        "other": {"estimator": "naive_bayes", "features": "acoustic"},
        "floor": plain | {"labels": "permuted"},
        "adapted_bayes": {"estimator": "naive_bayes", "features": "acoustic"}
        | {"adapt": {"to": "speaker", "clips": 5}},
        "adapted_pair": {"ensemble": ["adapted_5", "adapted_bayes"]},
    } | {
        name: plain | {"adapt": {"to": "speaker", "clips": count}} for name, count in CLIPS.items()
    }
    config["models"]["adapted_2_happy"]["adapt"]["emotion"] = "happy"
    config["experiments"]["small"] |= {"augment": ["noise"], "models": [*ADAPTED, *MODELS]}
    config["comparisons"] = {
        "gain": {
            "baseline": {"label": "plain", "experiment": "small", "model": "plain"},
            "questions": [
                {"question": "Adapted?", "arms": [{"label": "adapted by 5", "model": "adapted_5"}]}
            ],
        }
    }
    study.config = config
    study.snakemake("--cores", "1", REPORT, "results/gain/report.html", "results/summary.html")
    return study


def read(study: Study, name: str) -> pd.DataFrame:
    return pd.read_csv(study / f"results/small/{name}.csv")


def plain(study: Study, page: str = REPORT) -> str:
    text = unescape((study / page).read_text()).replace("\xa0", " ")
    markup = re.sub(r"<script[^>]*>.*?</script>", "", text, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def used(study: Study, model: str) -> dict[int, list[str]]:
    """Return by fold the clips that a model was adapted by, as the record of its fit says."""
    clips = {}
    for fold in (1, 2):
        record = json.loads((study / f"results/small/{model}/fold_{fold}/fit.json").read_text())
        clips[fold] = [name for names in record["adapted_by"].values() for name in names]
    return clips


def test_clips_that_a_model_is_adapted_by_are_not_scored(adapted):
    predictions = pd.read_parquet(adapted / "results/small/predictions.parquet")
    dataset = pd.read_parquet(adapted / "results/datasets/demo.parquet").set_index("clip")
    everything = set(predictions.loc[predictions["model"] == "plain", "clip"])
    assert everything == set(dataset.index)
    metrics = read(adapted, "metrics")
    for model, count in CLIPS.items():
        drawn = [clip for clips in used(adapted, model).values() for clip in clips]
        answered = predictions.loc[predictions["model"] == model, "clip"]
        assert set(answered) | set(drawn) == everything and not set(answered) & set(drawn)
        assert len(drawn) == (0 if count == "all" else count * dataset["actor"].nunique())
        tested = metrics[(metrics["model"] == model) & (metrics["role"] == "test")]
        assert tested["n"].sum() == len(answered)
        for fold in (1, 2):
            answers = pd.read_parquet(
                adapted / f"results/small/{model}/fold_{fold}/answers.parquet"
            )
            roles = answers.groupby("role").size()
            whole = pd.read_parquet(adapted / f"results/small/plain/fold_{fold}/answers.parquet")
            assert roles["train"] == whole.groupby("role").size()["train"]
    happy = [clip for clips in used(adapted, "adapted_2_happy").values() for clip in clips]
    assert set(dataset.loc[happy, "emotion"]) == {"happy"}


def test_adapted_models_stand_beside_their_baseline_on_the_same_clips(adapted):
    predictions = pd.read_parquet(adapted / "results/small/predictions.parquet")
    correct = predictions.assign(right=predictions["emotion"] == predictions["predicted"])
    table = read(adapted, "adapted").set_index("model")
    assert list(table.index) == ADAPTED
    assert (table.loc[list(CLIPS), "baseline"] == "plain").all()
    assert pd.isna(table.loc["adapted_pair", "baseline"])
    summary = read(adapted, "summary").set_index("model")
    for model, row in table.iterrows():
        own = correct[correct["model"] == model]
        assert row["accuracy"] == pytest.approx(own["right"].mean())
        for column in ("accuracy", "accuracy_mean", "accuracy_std", "uar", "accuracy_low"):
            assert row[column] == pytest.approx(summary.loc[model, column])
        if row["baseline"] == "plain":
            same = correct[(correct["model"] == "plain") & correct["clip"].isin(own["clip"])]
            assert len(same) == len(own) == row["clips"]
            assert row["baseline_accuracy"] == pytest.approx(same["right"].mean())


def test_adapted_models_are_never_ranked_among_the_others(adapted):
    pairs, floors = read(adapted, "pairs"), read(adapted, "floors")
    assert len(pairs) == 1 and set(pairs[["model", "other"]].to_numpy().ravel()) == {
        "plain",
        "other",
    }
    assert list(floors["model"].dropna()) == ["floor"]
    mistakes = json.loads((adapted / "results/small/mistakes.json").read_text())
    assert mistakes["model"] in ("plain", "other")
    page = plain(adapted)
    findings = page[page.index("Findings") : page.index("Adapted models These models")]
    assert "Of 2 models" in findings
    ranked = page[page.index(" Result ") : page.index("Adapted models These models")]
    assert not set(ADAPTED) & set(re.findall(r"\w+", ranked))
    failures = page[page.index("Error analysis Shown") : page.index("Results by fold One mark")]
    assert not set(ADAPTED) & set(re.findall(r"\w+", failures))
    assert all(name in page for name in ADAPTED)
    assert "A warning experiment." in page and "happy clips alone" in page


def test_the_summary_shows_them_apart(adapted):
    page = plain(adapted, "results/summary.html")
    main = page[page.index("Main results") : page.index("Adapted models These models")]
    assert not set(ADAPTED) & set(re.findall(r"\w+", main))
    apart = page[page.index("Adapted models These models") :]
    for row in read(adapted, "adapted").itertuples():
        assert f"{row.model} adapted to the speaker by" in apart
        assert f"{100 * row.accuracy:.1f}" in apart
    assert "all test clips, which are scored too" in apart


def test_a_comparison_is_on_the_clips_that_both_answered(adapted):
    table = pd.read_csv(adapted / "results/gain/comparison.csv").set_index("model")
    same = read(adapted, "adapted").set_index("model").loc["adapted_5"]
    assert table.loc["adapted_5", "clips"] == same["clips"] < table.loc["plain", "clips"]
    assert table.loc["adapted_5", "accuracy_difference"] == same["accuracy_difference"]


def test_groups_of_adapted_models_are_of_the_clips_that_they_answered(adapted):
    groups = read(adapted, "groups")
    answered = read(adapted, "adapted").set_index("model")["clips"]
    for by, rows in groups.groupby("by"):
        totals = rows.groupby("model")["clips"].sum()
        assert totals[list(answered.index)].equals(answered.rename("clips")), by


def test_the_tables_are_described(adapted):
    for title, path in (("Adapted models", "adapted.csv"), ("Summary", "summary.csv")):
        (table,) = (each for each in table_descriptions() if each["title"] == title)
        assert list(table["columns"]) == list(read(adapted, path.removesuffix(".csv")).columns)
    (fit,) = (each for each in table_descriptions() if each["title"] == "Record of a fit")
    assert "adapted_by.<group>" in fit["keys"] and any(used(adapted, "adapted_5").values())


def test_an_edit_of_adapt_fits_that_model_again_and_nothing_else(adapted, tmp_path):
    study = adapted.copy(tmp_path / "study")
    study.set("models.adapted_1.adapt.shrink", 9)
    assert study.would_run(REPORT) == {
        "estimator_search": 2,
        "estimator": 2,
        **EVALUATION,
        "report": 1,
    }


def test_the_same_study_has_the_same_bytes(adapted, tmp_path):
    study = adapted.copy(tmp_path / "study")
    folder = study / "results/small/adapted_5/fold_1"
    before = (folder / "answers.parquet").read_bytes()
    study.snakemake("--cores", "1", "--force", "results/small/adapted_5/fold_1/answers.parquet")
    assert (folder / "answers.parquet").read_bytes() == before
