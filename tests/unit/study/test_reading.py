"""What models read of encoders: layers and statistics by name, and mistakes in one sentence."""

import pytest

from serfusion.errors import Refusal
from serfusion.extraction.encoder_table import STATISTICS
from serfusion.study.reading import check_reading, feature_sets, has_frames, has_layers, reading
from serfusion.study.schema import schema

FEATURES = {
    "large": {"kind": "encoder", "layers": [4, 5, 6]},
    "small": {"kind": "encoder", "layers": [1, 2]},
    "acoustic": {"kind": "acoustic"},
    "log_mel": {"kind": "log_mel"},
}
BOTH = ["large", "small"]


def asked(layers=None, statistics=None, **search) -> dict:
    return {"layers": layers, "statistics": statistics, "search": search}


def test_without_a_word_all_layers_and_statistics_are_read():
    tables = reading(["acoustic", "large"], asked(), FEATURES)
    assert tables == {
        "large": {"held": [4, 5, 6], "layers": [[4, 5, 6]], "statistics": list(STATISTICS)}
    }


@pytest.mark.parametrize(
    ("model", "layers", "statistics"),
    [
        (asked({"large": [5]}), [[[5]], [[1, 2]]], STATISTICS),
        (asked({"large": [6, 4], "small": [2]}), [[[4, 6]], [[2]]], STATISTICS),
        (asked(None, ["std", "mean"]), [[[4, 5, 6]], [[1, 2]]], ("mean", "std")),
        (asked({"large": [[6], [5, 4]]}), [[[6], [4, 5]], [[1, 2]]], STATISTICS),
        (asked(C=[1, 2]), [[[4, 5, 6]], [[1, 2]]], STATISTICS),
    ],
)
def test_what_is_named_is_read_in_the_order_of_the_table(model, layers, statistics):
    tables = reading(BOTH, model, FEATURES)
    assert [tables[name]["layers"] for name in BOTH] == layers
    assert all(table["statistics"] == list(statistics) for table in tables.values())


def test_a_search_reads_what_any_candidate_asks_for():
    model = asked()
    model["search"] = {
        "layers": [{"large": [6], "small": []}, {"large": [[4], [6]], "small": [1]}],
        "statistics": [["loud_std"], ["mean", "std"]],
    }
    tables = reading(BOTH, model, FEATURES)
    assert tables["large"]["layers"] == [[4, 6]]
    assert tables["small"]["layers"] == [[1]]
    assert tables["large"]["statistics"] == ["mean", "std", "loud_std"]


def test_one_feature_set_or_several_come_before_what_is_fused():
    assert feature_sets({"features": "a", "fuse": ["b"]}) == ["a", "b"]
    assert feature_sets({"features": ["a", "c"], "fuse": ["b"]}) == ["a", "c", "b"]
    assert feature_sets({"deep": "x", "fuse": ["b"]}) == ["b"]


def test_an_encoder_has_layers_and_not_frames():
    assert has_layers(FEATURES["large"]) and not has_frames(FEATURES["large"])
    assert has_frames(FEATURES["log_mel"]) and not has_layers(FEATURES["log_mel"])
    assert not has_frames(FEATURES["acoustic"]) and not has_layers(FEATURES["acoustic"])


def test_the_schema_allows_the_statistics_of_the_table():
    assert schema()["$defs"]["statistics"]["items"]["enum"] == list(STATISTICS)


NO_ENCODER = (
    "none of its feature sets holds the layers of an encoder; leave {0} out, or read a feature set "
    "of kind encoder."
)


@pytest.mark.parametrize(
    ("features", "keys", "sentence"),
    [
        (
            "large",
            {"layers": [4, 7]},
            "layers: large has no layer 7; it has 4, 5, 6: choose among these, or add the layer to "
            "features.large.layers.",
        ),
        (
            "large",
            {"search": {"layers": [[4], [9]]}},
            "search.layers: large has no layer 9; it has 4, 5, 6: choose among these, or add the "
            "layer to features.large.layers.",
        ),
        (
            BOTH,
            {"layers": [4]},
            "layers: the model reads several encoders; say which layers of which, such as "
            "{large: [4]}.",
        ),
        (
            "large",
            {"layers": {"lagre": [4]}},
            "layers: the model reads no encoder 'lagre'; did you mean 'large'?",
        ),
        (
            ["acoustic", "large"],
            {"layers": {"acoustic": [4]}},
            "layers: the model reads no encoder 'acoustic'; known: large.",
        ),
        ("acoustic", {"layers": [4]}, "layers: " + NO_ENCODER.format("layers")),
        ("acoustic", {"statistics": ["std"]}, "statistics: " + NO_ENCODER.format("statistics")),
        ("log_mel", {"search": {"layers": [[4]]}}, "layers: " + NO_ENCODER.format("layers")),
        (
            "large",
            {"layers": [[4, 5], [9]]},
            "layers: large has no layer 9; it has 4, 5, 6: choose among these, or add the layer to "
            "features.large.layers.",
        ),
        (
            "large",
            {"layers": [[4, 5], 6]},
            "layers: [[4, 5], 6] mixes layers and lists of layers; write lists alone.",
        ),
        ("large", {"layers": []}, "layers: [] names no layer at all; name one."),
        (
            BOTH,
            {"layers": {"small": []}},
            "layers: no layer of small is read; leave it out of `features`.",
        ),
        (
            BOTH,
            {"search": {"layers": [{"small": [], "large": []}, {"small": [1]}]}},
            "search.layers: {'small': [], 'large': []} names no layer at all; name one.",
        ),
    ],
)
def test_a_mistake_is_one_plain_sentence(features, keys, sentence):
    model = {"features": features, "fuse": [], "search": {}} | keys
    with pytest.raises(Refusal) as refusal:
        check_reading(model, FEATURES, "models.mine")
    assert str(refusal.value) == f"models.mine.{sentence}"


@pytest.mark.parametrize(
    "keys",
    [
        {"layers": {"large": [4, 6]}, "statistics": ["mean"]},
        {"search": {"layers": [{"large": []}, {"small": []}, None]}},
        {},
    ],
)
def test_what_the_encoders_have_is_accepted(keys):
    check_reading({"features": BOTH, "fuse": [], "search": {}} | keys, FEATURES, "models.mine")
