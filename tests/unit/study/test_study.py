"""The configuration: defaults filled in, and every mistake told in one sentence."""

from copy import deepcopy

import pytest
import yaml

from serfusion import registry
from serfusion.errors import Refusal
from serfusion.study import entries, resolution, schema
from serfusion.study.comparison import Arm
from studies import ROOT

CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def change(config: dict, path: str, value) -> dict:
    changed = deepcopy(config)
    place = changed
    *steps, last = path.split(".")
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


def test_the_study_is_accepted_and_completed():
    resolved = resolution.resolve(CONFIG)
    assert resolved["experiments"]["ravdess_6fold"]["validation"] == {"by": "actor", "share": 0.15}
    assert resolved["features"]["acoustic"]["kind"] == "acoustic"
    assert resolved["models"]["conv1d"]["settings"]["width"] == 256
    assert resolved["models"]["conv1d"]["training"]["batch_size"] == 64
    assert resolved["models"]["svm_rbf"]["training"] == {"balance": "none", "refit": False}
    assert resolved["corpora"]["savee"]["licence"] == "for research, to registered users"
    assert resolved["corpora"]["ravdess"]["md5"] == "bc696df654c87fed845eb13823edef8a"


def test_resolving_changes_nothing_it_was_given():
    before = deepcopy(CONFIG)
    resolution.resolve(CONFIG)
    assert before == CONFIG


def test_a_corpus_can_stand_there_twice():
    config = change(CONFIG, "corpora.another_tess", {"kind": "tess", "path": "."})
    assert resolution.resolve(config)["corpora"]["another_tess"]["title"] == "TESS"


def test_a_dataset_without_a_corpus_is_split_without_it():
    study = entries.load(change(CONFIG, "datasets.cross_corpus.without", ["savee"]))
    experiment = study.experiments["cross_corpus"]
    assert [corpus.name for corpus in experiment.corpora] == ["ravdess", "crema_d", "tess"]
    assert [corpus.name for corpus in experiment.dataset.missing] == ["savee"]
    assert experiment.folds == {"by": "corpus", "test": [["tess"]]}


def test_an_arm_is_of_the_baselines_experiment_and_model_unless_it_says_so():
    ablation = entries.load(CONFIG).comparisons["ablation"]
    whole, deep, *_, weighted = ablation.arms
    assert whole == Arm(None, "all of it", "ablation_fusion", "fusion_conv1d_mlp")
    assert (deep.experiment, deep.model) == ("ablation_fusion", "deep_mlp")
    assert weighted.question == "Is one emotion rarer?"
    assert ablation.experiments[:2] == ("ablation_fusion", "ablation_no_augmentation")


def test_one_kind_of_augmentation_can_stand_there_twice():
    config = change(CONFIG, "augmentations.loud_noise", {"kind": "noise", "snr_db": 0})
    assert resolution.resolve(config)["augmentations"]["loud_noise"] == {
        "kind": "noise",
        "snr_db": 0,
    }


def test_a_search_stands_beside_the_settings_and_is_said_back():
    grid = {"width": [8, 16], "learning_rate": [0.01], "balance": ["none", "weights"]}
    model = {"network": "conv1d", "features": "acoustic", "search": grid}
    resolved = resolution.resolve(change(CONFIG, "models.conv1d", model))
    assert resolved["models"]["conv1d"]["search"] == grid
    assert resolved["models"]["conv1d"]["settings"]["width"] == 256
    assert resolved["models"]["fusion_conv1d_mlp"]["search"] == {}
    said = resolution.spelled_out(resolved)
    assert said["models"]["conv1d"].keys().isdisjoint(grid)
    assert resolution.resolve(said)["models"] == resolved["models"]


@pytest.mark.parametrize("model", CONFIG["models"])
def test_searches_of_the_study_are_small_and_hold_the_default(model):
    entry = CONFIG["models"][model]
    if "ensemble" in entry:
        return
    kind = entry.get("network") or entry.get("estimator")
    declared = registry.constant(f"models/{kind}.py", "SETTINGS")
    for key, values in entry.get("search", {}).items():
        assert 2 <= len(values) <= (8 if key == "layers" else 5)
        assert key not in declared or declared[key]["default"] in values


@pytest.mark.parametrize(
    ("model", "grid", "sentence"),
    [
        ("svm_rbf", {"c": [1]}, ": unknown key 'c'; known: layers, statistics, balance, C, gamma."),
        ("svm_rbf", {"gama": [1]}, ": unknown key 'gama'; did you mean 'gamma'?"),
        (
            "svm_rbf",
            {"features": ["x"]},
            ": unknown key 'features'; known: layers, statistics, balance, C, gamma.",
        ),
        ("svm_rbf", {"C": [1, -1]}, ".C: -1 is less than or equal to the minimum of 0."),
        ("svm_rbf", {"C": [1, "1"]}, ".C: should be of type number, but is '1'."),
        ("svm_rbf", {"C": 5}, ".C: should be of type array, but is 5."),
        ("svm_rbf", {"C": []}, ".C: [] should be non-empty."),
        ("svm_rbf", {"C": [1, 1.0]}, ".C: [1, 1.0] has non-unique elements."),
        (
            "svm_rbf",
            {"balance": ["weight"]},
            ".balance: 'weight' is not one of ['none', 'weights', 'sampling'].",
        ),
        (
            "conv1d",
            {"epochs": [5]},
            ".epochs: the model sets it too; set it in one of the two places.",
        ),
        ("svm_rbf", [], ": should be of type object, but is []."),
    ],
)
def test_a_mistake_in_a_search_is_one_plain_sentence(model, grid, sentence):
    with pytest.raises(Refusal) as refusal:
        resolution.resolve(change(CONFIG, f"models.{model}.search", grid))
    assert str(refusal.value) == f"models.{model}.search{sentence}"


@pytest.mark.parametrize("key", ["threads", "accelerator", "search", "network"])
def test_what_a_model_is_trained_on_is_not_searched(key):
    with pytest.raises(Refusal, match=rf"models.conv1d.search: unknown key '{key}'"):
        resolution.resolve(change(CONFIG, "models.conv1d.search", {key: [1]}))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("modles", {}, "config.yaml: unknown key 'modles'; did you mean 'models'?"),
        ("corpora", None, "config.yaml: the key 'corpora' is missing."),
        ("seed", "many", "seed: should be of type integer, but is 'many'."),
        (
            "corpora.ravdes",
            {},
            "corpora: there is no 'ravdes', and it has no manifest; did you mean 'ravdess'?",
        ),
        (
            "corpora.ravdess",
            {"pth": "x"},
            "corpora.ravdess: unknown key 'pth'; did you mean 'path'?",
        ),
        (
            "corpora.ravdess",
            {"path": "/no/such/folder"},
            "corpora.ravdess.path: there is no folder /no/such/folder; set it to the folder that "
            "holds the corpus, or to null.",
        ),
        (
            "datasets.demo.corpora",
            ["emodb"],
            "datasets.demo.corpora: nothing is called 'emodb'; did you mean 'demo'?",
        ),
        (
            "augmentations.echo",
            {},
            "augmentations.echo: there is no kind 'echo'; known: stretch, pitch, low_pass, noise.",
        ),
        (
            "augmentations.noise",
            {"snr": 3},
            "augmentations.noise: unknown key 'snr'; did you mean 'snr_db'?",
        ),
        (
            "features.acoustic.hop_length",
            0,
            "features.acoustic.hop_length: 0 is less than the minimum of 1.",
        ),
        (
            "models.conv1d.learning_rat",
            0.1,
            "models.conv1d: unknown key 'learning_rat'; did you mean 'learning_rate'?",
        ),
        (
            "models.conv1d.network",
            "conv1",
            "models.conv1d: there is no network 'conv1'; did you mean 'conv1d'?",
        ),
        (
            "models.conv1d.network",
            "svm_rbf",
            "models.conv1d: there is no network 'svm_rbf'; "
            f"known: {', '.join(resolution.available_models('network'))}.",
        ),
        (
            "models.conv1d.network",
            None,
            "models.conv1d: set either `network`, `estimator` or `ensemble`.",
        ),
        (
            "models.empty",
            {"network": None, "features": "acoustic"},
            "models.empty: there is no network None; "
            f"known: {', '.join(resolution.available_models('network'))}.",
        ),
        (
            "features.acoustic.kind",
            ["acoustic"],
            "features.acoustic: there is no kind ['acoustic']; did you mean 'acoustic'?",
        ),
        ("models.conv1d.deep", "x", "models.conv1d: set either `features` or `deep`."),
        (
            "models.conv1d.features",
            "log_mel",
            "models.conv1d: conv1d reads one vector per clip, and log_mel has frames: choose "
            "features that are one vector, or a network that reads frames.",
        ),
        (
            "models.svm_rbf.features",
            "log_mel",
            "models.svm_rbf: svm_rbf reads one vector per clip, and log_mel has frames: choose "
            "features that are one vector, or a network that reads frames.",
        ),
        (
            "models.conv2d.fuse",
            ["gender"],
            "models.conv2d: conv2d reads frames: give it one feature set of frames, and fuse "
            "nothing.",
        ),
        (
            "models.cnn_lstm.fuse",
            ["mfcc_frames"],
            "models.cnn_lstm: cnn_lstm reads frames: give it one feature set of frames, and fuse "
            "nothing.",
        ),
        (
            "models.gender_cnn_bilstm.fuse",
            [],
            "models.gender_cnn_bilstm.fuse: gender_cnn_bilstm expects the gender as its last "
            "column; end the list with that feature set.",
        ),
        (
            "models.deep_by_gender",
            {"network": "gender_cnn_bilstm", "deep": "conv1d"},
            "models.deep_by_gender.fuse: gender_cnn_bilstm expects the gender as its last column; "
            "end the list with that feature set.",
        ),
        (
            "models.vgg16.mixup",
            0.2,
            "models.vgg16.mixup: vgg16 reads features without standardising them, and such "
            "features cannot be mixed; set mixup to 0.",
        ),
        (
            "models.gender_cnn_bilstm.search",
            {"mixup": [0, 0.2]},
            "models.gender_cnn_bilstm.mixup: gender_cnn_bilstm reads features without "
            "standardising them, and such features cannot be mixed; set mixup to 0.",
        ),
        (
            "models.conv2d.features",
            "acoustic",
            "models.conv2d: conv2d reads frames: give it one feature set of frames, and fuse "
            "nothing.",
        ),
        (
            "models.fusion_conv1d_mlp.augmented",
            False,
            "models.fusion_conv1d_mlp.augmented: conv1d, whose deep features it reads, is trained "
            "on augmented copies; set the same for both.",
        ),
        (
            "models.fusion_conv1d_mlp.deep",
            "svm_rbf",
            "models.fusion_conv1d_mlp.deep: svm_rbf is not an extractor on a feature set, so "
            "it has no deep features.",
        ),
        (
            "models.fusion_conv1d_mlp.fuse",
            ["gendre"],
            "models.fusion_conv1d_mlp: nothing is called 'gendre'; did you mean 'gender'?",
        ),
        (
            "models.mine",
            {"estimator": "knn", "features": ["acoustic", "log_mel"]},
            "models.mine: knn reads one vector per clip, and log_mel has frames: choose features "
            "that are one vector, or a network that reads frames.",
        ),
        (
            "models.mine",
            {"network": "cnn_lstm", "features": ["pitch_frames", "mfcc_frames"]},
            "models.mine: cnn_lstm reads frames: give it one feature set of frames, and fuse "
            "nothing.",
        ),
        (
            "features.whisper_small_frames.layers",
            [5, 6],
            "features.whisper_small_frames.layers: the frames of one layer are kept; name one, or "
            "set frames to null for statistics of several.",
        ),
        (
            "models.fine_tuned_whisper.features",
            "whisper_small",
            "models.fine_tuned_whisper: fine_tuned_encoder reads frames: give it one feature set "
            "of frames, and fuse nothing.",
        ),
        (
            "models.fine_tuned_whisper.features",
            "log_mel",
            "models.fine_tuned_whisper: fine_tuned_encoder trains an encoder: give it a feature "
            "set of kind encoder with frames of one layer.",
        ),
        (
            "models.fine_tuned_whisper.mixup",
            0.2,
            "models.fine_tuned_whisper.mixup: fine_tuned_encoder reads features without "
            "standardising them, and such features cannot be mixed; set mixup to 0.",
        ),
        (
            "models.fine_tuned_whisper.layers",
            [6],
            "models.fine_tuned_whisper.layers: none of its feature sets holds the layers of an "
            "encoder; leave layers out, or read a feature set of kind encoder.",
        ),
        (
            "models.mine",
            {"estimator": "kernel_ridge", "features": "whisper_small_frames"},
            "models.mine: kernel_ridge reads one vector per clip, and whisper_small_frames has "
            "frames: choose features that are one vector, or a network that reads frames.",
        ),
        (
            "models.mine",
            {"estimator": "knn", "features": ["acoustic", "gender"], "fuse": ["gender"]},
            "models.mine: a feature set is there twice; leave one of them out.",
        ),
        (
            "models.mine",
            {"network": "weighted_layers", "features": "acoustic"},
            "models.mine: weighted_layers reads the layers of one encoder: give it one feature set "
            "of kind encoder, and fuse nothing.",
        ),
        (
            "models.mine",
            {"estimator": "knn", "features": "acoustic", "statistics": ["median"]},
            "models.mine.statistics.0: 'median' is not one of ['mean', 'std', 'loud_mean', "
            "'loud_std'].",
        ),
        (
            "models.mine",
            {"ensemble": ["conv1d", "svm_rfb"]},
            "models.mine.ensemble: nothing is called 'svm_rfb'; did you mean 'svm_rbf'?",
        ),
        (
            "models.mine",
            {"ensemble": ["conv1d", "mine"]},
            "models.mine.ensemble: mine cannot be a member of itself; name other models.",
        ),
        (
            "models.mine",
            {"ensemble": ["conv1d", "permuted_logistic_regression"]},
            "models.mine.ensemble: permuted_logistic_regression has permuted labels: it is a floor "
            "and is not compared; choose another model.",
        ),
        (
            "models.mine",
            {"ensemble": ["conv1d"]},
            "models.mine.ensemble: ['conv1d'] is too short.",
        ),
        (
            "models.mine",
            {"ensemble": ["conv1d", "svm_rbf"], "labels": "permuted"},
            "models.mine: unknown key 'labels'; known: ensemble.",
        ),
        (
            "models.mine",
            {"network": "mlp", "ensemble": ["conv1d", "svm_rbf"]},
            "models.mine: set either `network`, `estimator` or `ensemble`.",
        ),
        (
            "models.image",
            {"network": "vgg16", "features": "acoustic", "weights": "/no/such.pth"},
            "models.image.weights: there is no file /no/such.pth; set it to the file that "
            "holds the weights, to imagenet, or to null.",
        ),
        ("models.svm_rbf.C", -1, "models.svm_rbf.C: -1 is less than or equal to the minimum of 0."),
        (
            "experiments.demo.models",
            ["conv1"],
            "experiments.demo.models: nothing is called 'conv1'; did you mean 'conv1d'?",
        ),
        (
            "experiments.demo.reported",
            {"source": "we", "accuracy": 9, "model": "permuted_logistic_regression"},
            "experiments.demo.reported.model: permuted_logistic_regression has permuted labels: "
            "it is a floor and is not compared; choose another model.",
        ),
        (
            "experiments.demo.augment",
            ["nois"],
            "experiments.demo.augment: nothing is called 'nois'; did you mean 'noise'?",
        ),
        (
            "experiments.demo.dataset",
            "dmo",
            "experiments.demo.dataset: nothing is called 'dmo'; did you mean 'demo'?",
        ),
        ("experiments.demo.dataset", None, "experiments.demo: the key 'dataset' is missing."),
        (
            "experiments.demo.folds",
            {"by": "actor", "count": 1},
            "experiments.demo.folds.count: 1 is less than the minimum of 2.",
        ),
        (
            "experiments.demo.folds",
            {"by": "actor"},
            "experiments.demo.folds: set exactly one of count, stratified, leave_one_out, test.",
        ),
        (
            "experiments.demo.folds",
            {"by": "clip", "stratified": 3},
            "experiments.demo.folds: `by: clip` supports only `count`.",
        ),
        (
            "datasets.superset.without",
            ["tes"],
            "datasets.superset.without: nothing is called 'tes'; did you mean 'tess'?",
        ),
        (
            "datasets.iemocap.merge",
            {1: "angry"},
            "datasets.iemocap.merge: the key 1 is not text; put it in quotes.",
        ),
        (
            "datasets.cross_corpus.keep",
            "shard",
            "datasets.cross_corpus.keep: 'shard' is not allowed; The emotions to keep; `shared` "
            "keeps those that every corpus has, null all.",
        ),
        (
            "datasets.demo.without",
            ["demo"],
            "datasets.demo.without: no corpus is left.",
        ),
        (
            "datasets.cross_corpus.without",
            ["savee", "tess"],
            "experiments.cross_corpus.folds.test: fold 1 tests only corpora that the dataset is "
            "without: "
            "savee, tess.",
        ),
        (
            "corpora.mine",
            {"manifest": "no.csv"},
            f"corpora.mine.manifest: there is no file no.csv in {ROOT}.",
        ),
        (
            "corpora.tess",
            {"manifest": "no.csv"},
            "corpora.tess: the name is that of a built-in corpus; choose another one.",
        ),
        (
            "corpora.mine",
            {"kind": "manifest"},
            "corpora.mine: the key 'manifest' is missing.",
        ),
        (
            "corpora.tess",
            {"path": ".", "synthetic": {}},
            "corpora.tess: set either `path` or `synthetic`, not both.",
        ),
        (
            "corpora.tess.synthetic",
            {"clips": 3},
            "corpora.tess.synthetic: unknown key 'clips'; known: clips_per_actor.",
        ),
        (
            "experiments.demo.validation",
            {"by": "clips"},
            "experiments.demo.validation.by: 'clips' is not one of ['actor', 'clip'].",
        ),
        (
            "experiments.Demo",
            {},
            "experiments: 'Demo' does not match '^[a-z][a-z0-9_]*$'; "
            "a name has lower-case letters, digits and underscores, and begins with a letter.",
        ),
        (
            "comparisons.features",
            CONFIG["comparisons"]["ablation"],
            "comparisons.features: this name is reserved; choose another one.",
        ),
        (
            "comparisons.demo",
            CONFIG["comparisons"]["ablation"],
            "comparisons.demo: an experiment has that name too; choose another one.",
        ),
        (
            "comparisons.ablation.baseline",
            None,
            "comparisons.ablation: the key 'baseline' is missing.",
        ),
        (
            "comparisons.ablation.baseline.model",
            "svm_rbf",
            "comparisons.ablation: 'all of it': ablation_fusion does not compare 'svm_rbf'; known: "
            "deep_mlp, deep_statistical_mlp, deep_gender_mlp, fusion_conv1d_mlp.",
        ),
        (
            "comparisons.ablation.baseline.label",
            "pitch alone",
            "comparisons.ablation: 'pitch alone' labels two arms; choose another label for one of "
            "them.",
        ),
        (
            "comparisons.ablation.questions",
            [],
            "comparisons.ablation.questions: [] should be non-empty.",
        ),
        (
            "comparisons.ablation.questions",
            [{"question": "?", "arms": [{"label": "x", "modle": "deep_mlp"}]}],
            "comparisons.ablation.questions.0.arms.0: unknown key 'modle'; did you mean 'model'?",
        ),
        (
            "comparisons.ablation.questions",
            [{"question": "?", "arms": [{"label": "x", "experiment": "ablation_fusoin"}]}],
            "comparisons.ablation: 'x': nothing is called 'ablation_fusoin'; did you mean "
            "'ablation_fusion'?",
        ),
        (
            "comparisons.ablation.questions",
            [{"question": "?", "arms": [{"label": "x"}]}],
            "comparisons.ablation: 'x' is fusion_conv1d_mlp of ablation_fusion, and so is "
            "'all of it'; leave one of them out.",
        ),
        (
            "experiments.corpora",
            CONFIG["experiments"]["demo"],
            "experiments.corpora: this name is reserved; choose another one.",
        ),
    ],
)
def test_a_mistake_is_one_plain_sentence(path, value, sentence):
    with pytest.raises(Refusal) as refusal:
        resolution.resolve(change(CONFIG, path, value))
    assert str(refusal.value) == sentence


def test_an_empty_corpus_entry_is_refused():
    config = deepcopy(CONFIG)
    config["corpora"]["demo"] = None
    with pytest.raises(Refusal, match=r"corpora.demo: should be of type object, but is empty"):
        resolution.resolve(config)


def described(place: str, schema: dict):
    """Yield the place of every property under `schema`, with its own schema."""
    for key, value in schema.get("properties", {}).items():
        yield f"{place}.{key}", value
        yield from described(f"{place}.{key}", value)
    if "items" in schema:
        yield from described(f"{place}[]", schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        yield from described(f"{place}.*", schema["additionalProperties"])


def test_every_property_is_described():
    frame = schema.schema()
    places = dict(described("", frame))
    for kind in resolution.MODEL_KINDS:
        places |= dict(described(kind, frame["$defs"][kind]))
    for family in ("corpora", "features", "models"):
        for name in registry.available(family):
            for key, setting in registry.constant(f"{family}/{name}.py", "SETTINGS").items():
                places[f"{family}.{name}.{key}"] = setting
    for kind, settings in registry.constant("extraction/augmentation.py", "SETTINGS").items():
        places |= {f"augmentation.{kind}.{key}": value for key, value in settings.items()}
    for place, described_by in places.items():
        reference = described_by.get("$ref")
        whole = described_by | (frame["$defs"][reference.rpartition("/")[2]] if reference else {})
        assert whole.get("description"), place


def test_ensembles_of_ensembles_are_refused_in_any_order():
    config = deepcopy(CONFIG)
    config["models"] |= {
        "first": {"ensemble": ["conv1d", "second"]},
        "second": {"ensemble": ["first", "svm_rbf"]},
    }
    with pytest.raises(Refusal, match="second is an ensemble too; name its members instead"):
        resolution.resolve(config)


def test_models_on_encoders_and_ensembles_are_said_back(tmp_path):
    config = deepcopy(CONFIG)
    for name in ("tiny", "other"):
        config["features"][name] = {"kind": "encoder", "path": str(tmp_path), "layers": [1, 2, 3]}
    config["models"] |= {
        "ridge": {
            "estimator": "kernel_ridge",
            "features": ["tiny", "acoustic", "other"],
            "layers": {"tiny": [[2, 3], [1]], "other": [2]},
            "search": {"alpha": [1, 3], "statistics": [["mean"], None]},
        },
        "weighted": {
            "network": "weighted_layers",
            "features": "tiny",
            "layers": [1, 2],
            "statistics": ["std"],
        },
        "both": {"ensemble": ["ridge", "weighted"]},
    }
    resolved = resolution.resolve(config)
    said = resolution.spelled_out(resolved)
    assert resolution.resolve(said)["models"] == resolved["models"]
    several = change(config, "models.weighted.layers", [[1], [2, 3]])
    with pytest.raises(Refusal, match="weighted_layers reads one set of layers; name them in one"):
        resolution.resolve(several)
    models = entries.load(config).models
    assert models["ridge"].composition == (
        "kernel_ridge on tiny + acoustic + other (tiny layers 2, 3 + 1; other layer 2)"
    )
    assert models["weighted"].composition == "weighted_layers on tiny (layers 1, 2; std)"
    assert models["both"].composition == "mean of ridge + weighted"
    assert models["both"].needs == (models["ridge"], models["weighted"])


PLAIN_ADAPT = {"to": "speaker", "clips": 5}
ADAPTED = {
    "estimator": "logistic_regression",
    "features": "acoustic",
    "adapt": PLAIN_ADAPT,
}


def with_models(**models: dict) -> dict:
    config = deepcopy(CONFIG)
    config["models"] |= models
    return config


@pytest.mark.parametrize(
    ("models", "sentence"),
    [
        ({"five": ADAPTED}, r"models.five: what is adapted says so .* put adapted into its name"),
        (
            {"adapted": ADAPTED | {"labels": "permuted"}},
            "models.adapted.adapt: a model with permuted labels is a floor",
        ),
        (
            {"adapted": ADAPTED | {"fuse": ["gender"]}},
            "models.adapted.adapt: gender is the same in all clips of a speaker",
        ),
        (
            {"adapted": {"network": "mlp", "deep": "conv1d", "adapt": PLAIN_ADAPT}},
            "models.adapted.adapt: deep features are of clips that a network was trained on",
        ),
        (
            {
                "conv1d_adapted": {
                    "network": "conv1d",
                    "features": "acoustic",
                    "adapt": PLAIN_ADAPT,
                },
                "on_it": {"network": "mlp", "deep": "conv1d_adapted"},
            },
            "models.on_it.deep: conv1d_adapted is adapted, so it has no features of the clips",
        ),
        (
            {"adapted": {"network": "crnn_attention", "features": "log_mel", "adapt": PLAIN_ADAPT}},
            "models.adapted.adapt: log_mel has frames",
        ),
        (
            {"adapted": ADAPTED | {"adapt": PLAIN_ADAPT | {"clips": "all", "emotion": "happy"}}},
            "models.adapted.adapt: if all clips were happy, none of them would be scored",
        ),
        (
            {"adapted": ADAPTED | {"adapt": {"clips": 5}}},
            "models.adapted.adapt: the key 'to' is missing",
        ),
        (
            {"adapted": ADAPTED | {"adapt": PLAIN_ADAPT | {"clips": 0}}},
            "models.adapted.adapt.clips",
        ),
        (
            {"adapted": ADAPTED | {"search": {"adapt": [PLAIN_ADAPT]}, "adapt": None}},
            "models.adapted.search: unknown key 'adapt'",
        ),
        (
            {"adapted": ADAPTED, "both_adapted": {"ensemble": ["adapted", "svm_rbf"]}},
            "adapted and svm_rbf are not adapted by the same clips",
        ),
        (
            {
                "adapted": ADAPTED,
                "adapted_too": ADAPTED | {"adapt": PLAIN_ADAPT | {"statistics": "mean"}},
                "both": {"ensemble": ["adapted", "adapted_too"]},
            },
            r"models.both: what is adapted says so",
        ),
    ],
)
def test_adaptation_that_makes_no_sense_is_refused(models, sentence):
    with pytest.raises(Refusal, match=sentence):
        resolution.resolve(with_models(**models))


def test_adapted_models_alone_are_no_experiment():
    config = with_models(adapted=ADAPTED)
    name = next(iter(config["experiments"]))
    config["experiments"][name]["models"] = ["adapted"]
    with pytest.raises(Refusal, match="all are adapted or have permuted labels"):
        resolution.resolve(config)
    config = with_models(adapted=ADAPTED)
    entry = config["experiments"][name]
    entry["models"] = [*entry["models"], "adapted"]
    entry["reported"] = {"source": "others", "accuracy": 50, "model": "adapted"}
    with pytest.raises(Refusal, match=r"reported.model: adapted is adapted"):
        resolution.resolve(config)


def test_an_adapted_model_says_what_it_is_and_has_a_baseline():
    config = with_models(adapted=ADAPTED, plain=ADAPTED | {"adapt": None})
    name = next(iter(config["experiments"]))
    config["experiments"][name]["models"] = ["plain", "adapted"]
    experiment = entries.load(config).experiments[name]
    assert [model.name for model in experiment.compared] == ["plain"]
    (adapted,) = experiment.adapted
    assert experiment.baseline_of(adapted).name == "plain"
    assert adapted.adaptation["by_clips"] == 5
    assert adapted.composition.endswith(
        "adapted to the speaker by the mean of 5 unlabelled clips, which are not scored"
    )
    assert "adapt" not in resolution.resolve(config)["models"]["plain"]
