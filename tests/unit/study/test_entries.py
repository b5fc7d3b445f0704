"""The typed study: names resolved, and each set of entries worked out in one place."""

from copy import deepcopy
from dataclasses import FrozenInstanceError

import pytest
import yaml

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.study import entries, resolution
from serfusion.study.facts import Facts, facts
from studies import ROOT, SMALL

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
STUDY = entries.load(CONFIG)


def names(items) -> list[str]:
    return [item.name for item in items]


def test_extractors_are_trained_before_what_reads_them_and_floors_are_not_compared():
    experiment = STUDY.experiments["demo"]
    evaluated = CONFIG["experiments"]["demo"]["models"]
    assert names(experiment.models) == evaluated
    assert names(experiment.compared) == evaluated[:-1]
    ablation = STUDY.experiments["ablation_weights"]
    assert names(ablation.models) == ["weighted_fusion_conv1d_mlp"]
    assert names(ablation.trained) == ["weighted_conv1d", "weighted_fusion_conv1d_mlp"]


def test_a_model_knows_what_it_reads_and_what_fits_it():
    model = STUDY.models["fusion_conv1d_mlp"]
    assert model.extractor == STUDY.models["conv1d"]
    assert model.feature_sets == ("statistical", "gender")
    assert model.composition == "mlp on deep features of conv1d + statistical + gender"
    assert model.loop == "serfusion.fitting.networks" and model.augmented
    assert STUDY.models["gender_cnn_bilstm"].feature_sets == ("voice", "gender")
    assert STUDY.models["svm_rbf"].loop == "serfusion.fitting.estimators"


def test_a_model_can_leave_augmented_copies_out():
    assert not STUDY.models["encoder_ridge"].augmented
    assert STUDY.models["encoder_ridge"].composition == (
        "kernel_ridge on whisper_small (layers 4, 5, 6), without augmented copies, refitted with "
        "its validation clips"
    )


def test_a_model_starts_from_the_weights_that_it_names():
    assert STUDY.models["vgg16"].initial_weights == {
        "network": "vgg16",
        "weights": "imagenet",
        "weights_url": None,
    }
    assert STUDY.models["conv1d"].initial_weights == {}


@pytest.mark.parametrize(
    ("name", "count"),
    [("demo", 4), ("ravdess_holdout", 1), ("iemocap_5fold", 5), ("crema_d_5fold", 5)],
)
def test_folds_are_counted_however_they_are_made(name, count):
    experiment = STUDY.experiments[name]
    assert experiment.fold_count == count
    assert list(experiment.fold_numbers) == list(range(1, count + 1))


def test_corpora_are_had_in_one_way_each():
    assert [name for name, corpus in STUDY.corpora.items() if corpus.is_synthetic] == ["demo"]
    downloaded = {name for name, corpus in STUDY.corpora.items() if corpus.is_downloaded}
    assert downloaded == {"ravdess", "crema_d", "tess"}
    registered = {name for name, corpus in STUDY.corpora.items() if corpus.how_to_get}
    assert registered == {"savee", "iemocap"}
    assert STUDY.corpora["savee"].how_to_get.startswith("SAVEE is given to registered users only")


def test_what_lacks_a_corpus_is_impossible_with_its_comparisons():
    impossible = {name for names in STUDY.impossible_experiments.values() for name in names}
    assert impossible == {
        *(name for name in STUDY.experiments if name.startswith("superset")),
        "cross_corpus",
        "iemocap_5fold",
    }
    assert set(names(STUDY.possible_experiments)) == set(STUDY.experiments) - impossible
    assert names(STUDY.possible_comparisons) == ["ablation"]


def test_a_dataset_names_the_emotions_that_only_missing_corpora_have():
    config = deepcopy(CONFIG)
    config["datasets"]["superset"]["without"] = ["savee"]
    dataset = entries.load(config).datasets["superset"]
    assert names(dataset.present) == ["ravdess", "crema_d", "tess"]
    assert dataset.missing_emotions == [
        "angry",
        "disgust",
        "fear",
        "happy",
        "neutral",
        "sad",
        "surprise",
    ]


def test_models_can_be_left_out_without_further_edits():
    config = deepcopy(CONFIG)
    experiment = config["experiments"]["ravdess_6fold"]
    assert experiment["reported"]["model"] == "fusion_conv1d_mlp"
    experiment["models"] = ["svm_rbf"]
    shortened = entries.load(config).experiments["ravdess_6fold"]
    assert shortened.reported is None
    assert shortened.reported_accuracy == {}
    whole = STUDY.experiments["ravdess_6fold"]
    assert whole.reported_accuracy == {"fusion_conv1d_mlp": 46}


def test_a_figure_for_all_models_is_that_of_all_that_are_compared():
    config = deepcopy(CONFIG)
    config["experiments"]["demo"]["reported"] = {"source": "we", "accuracy": 9}
    experiment = entries.load(config).experiments["demo"]
    assert experiment.reported_accuracy == dict.fromkeys(names(experiment.compared), 9)


def test_a_part_of_a_study_is_a_study_of_its_own():
    part = entries.Study.of(STUDY.about(["demo"]))
    assert part.experiments == {"demo": STUDY.experiments["demo"]}
    assert set(part.models) == set(names(STUDY.experiments["demo"].trained))
    assert set(part.features) == {"acoustic", "statistical", "gender"}
    assert set(part.corpora) == {"demo"}
    assert part.comparisons == {}
    ablation = STUDY.comparisons["ablation"]
    compared = entries.Study.of(STUDY.about(ablation.experiments, ["ablation"]))
    assert compared.comparisons == {"ablation": ablation}


def test_a_part_says_no_address_and_is_made_of_plain_values():
    part = STUDY.about(STUDY.experiments, STUDY.comparisons)
    assert "http" not in yaml.safe_dump(part)


def test_the_outline_has_every_experiment_and_no_settings():
    outline = entries.Study.of(STUDY.outline)
    assert outline.experiments.keys() == STUDY.experiments.keys()
    assert outline.references == STUDY.references
    assert all(model.settings == model.training == {} for model in outline.models.values())
    assert outline.models["fusion_conv1d_mlp"].extractor.name == "conv1d"


def test_entries_are_frozen():
    with pytest.raises(FrozenInstanceError):
        STUDY.experiments["demo"].title = "another"


def test_what_is_known_of_a_corpus_stands_beside_its_module():
    assert facts("ravdess").people == {"accuracy": 0.624, "source": "Livingstone & Russo 2018"}
    assert facts("ravdess").clips == 1439
    assert not facts("tess").may_be_embedded
    assert facts("crema_d").votes == "summaryTable.csv"
    assert facts("manifest") == Facts()


@pytest.mark.parametrize("kind", [name for name in registry.available("corpora")])
def test_every_published_corpus_has_its_facts(kind):
    known = facts(kind)
    if kind != "manifest":
        assert known.title and known.licence and known.citation


def test_the_configurations_own_words_come_first():
    config = SMALL | {"corpora": {"demo": {"title": "Mine", "speakers": 4}}}
    corpus = entries.load(config).corpora["demo"]
    assert (corpus.title, corpus.licence) == ("Mine", "public domain")
    assert corpus.synthesis == {"speakers": 4}


REFERENCES = """dataset,classes,who,figure,metric,source,speaker_independent
demo,8,chance,12.5,uar,one of eight,
demo,8,"A model, its own folds",40,accuracy,somebody,yes
"""


def test_references_can_stand_in_a_file(tmp_path):
    path = tmp_path / "references.csv"
    path.write_text(REFERENCES)
    study = entries.load(SMALL | {"references": str(path)})
    assert study.references[0]["speaker_independent"] is None
    assert study.references[1] == {
        "dataset": "demo",
        "classes": 8,
        "who": "A model, its own folds",
        "figure": 40.0,
        "metric": "accuracy",
        "source": "somebody",
        "speaker_independent": True,
    }


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("12.5", "many", r"line 2: figure is 'many'; it should be a number"),
        (",yes", ",perhaps", r"line 3: speaker_independent is 'perhaps'; it should be"),
        ("40,accuracy", "40,wa", r"references.1.metric: 'wa' is not one of"),
        ("dataset,classes", "dataset,clases", r"line 2: classes is None; it should be a number"),
    ],
)
def test_a_mistake_in_the_file_of_references_is_one_sentence(tmp_path, before, after, sentence):
    path = tmp_path / "references.csv"
    path.write_text(REFERENCES.replace(before, after))
    with pytest.raises(Refusal, match=sentence):
        resolution.resolve(SMALL | {"references": str(path)})


def test_a_missing_file_of_references_is_named_with_where_it_was_looked_for():
    with pytest.raises(Refusal, match=rf"references: there is no file no.csv in {ROOT}"):
        resolution.resolve(SMALL | {"references": "no.csv"})
