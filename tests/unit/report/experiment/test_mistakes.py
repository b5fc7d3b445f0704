"""The most confident mistakes, and the pictures and the sound of a clip."""

import io
import json
from base64 import b64decode

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from serfusion.clips.audio import read_window
from serfusion.errors import Refusal
from serfusion.evaluation.mistakes import wrong_answers
from serfusion.layers.colours import MAGMA
from serfusion.report.experiment import mistakes, portrait
from speech import clip_table, voice

METRICS = pd.DataFrame(
    {"model": ["good", "bad"], "fold": 1, "role": "validation", "accuracy": [0.6, 0.5]}
)


def answers(clips: pd.DataFrame) -> pd.DataFrame:
    """Return answers of two models; `good` is wrong four times, of which two are as sure."""
    keys = clips[["clip", "corpus", "actor", "gender", "emotion"]].assign(fold=1)
    good = keys.assign(model="good", predicted=keys["emotion"])
    good.loc[[1, 2, 5, 7], "predicted"] = "angry"
    good = good.assign(p_angry=0.6, p_happy=0.2, p_neutral=0.1, p_sad=0.1)
    good.loc[[1, 2, 5, 7], "p_angry"] = [0.7, 0.9, 0.9, 0.95]
    bad = keys.assign(model="bad", predicted="sad")
    bad = bad.assign(p_angry=0.0, p_happy=0.0, p_neutral=0.0, p_sad=1.0)
    return pd.concat([bad, good[::-1]], ignore_index=True)


@pytest.fixture
def clips(write_clip) -> pd.DataFrame:
    table = clip_table(1)
    paths = [write_clip(name, voice(1.5, 16000, at)) for at, name in enumerate(table["path"])]
    return table.assign(path=[str(path) for path in paths])


def collected(clips: pd.DataFrame, count: int = 6, embed: bool = True) -> dict:
    return mistakes.collect(
        answers(clips),
        METRICS,
        clips,
        models=["bad", "good"],
        count=count,
        embedded={"made": embed},
    )


def test_mistakes_are_of_one_model_most_confident_first_and_of_equals_by_name():
    wrong = wrong_answers(answers(clip_table(1)), "good")
    assert wrong["clip"].tolist() == [f"made/001-{at:02d}" for at in (7, 2, 5, 1)]
    assert wrong["probability"].tolist() == [0.95, 0.9, 0.9, 0.7]
    assert (wrong["emotion"] != wrong["predicted"]).all()


def test_what_is_collected_is_of_the_model_with_the_highest_validation_accuracy(clips):
    record = collected(clips, count=3)
    assert (record["model"], record["tested"], record["wrong"]) == ("good", 8, 4)
    first = record["clips"][0]
    assert len(record["clips"]) == 3
    assert (first["clip"], first["actor"]) == ("made/001-07", "made/001")
    assert (first["emotion"], first["predicted"]) == ("sad", "angry")
    assert first["probability"] == first["probabilities"]["angry"] == 0.95
    assert first["intensity"] is None and first["sentence"] == "dogs"
    assert first["seconds"] == 1.5
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert collected(clips, count=3) == record


def test_a_clip_can_be_heard_only_where_it_may_be_embedded(clips):
    assert [clip["audio"] for clip in collected(clips, embed=False)["clips"]] == [None] * 4
    kind, content = collected(clips)["clips"][0]["audio"].split(",")
    assert kind == "data:audio/mpeg;base64"
    heard, rate = soundfile.read(io.BytesIO(b64decode(content)))
    told, _ = soundfile.read(clips["path"][7])
    assert rate == 16000 and heard.shape == told.shape
    assert np.corrcoef(heard, told)[0, 1] > 0.98


def test_nothing_is_read_where_no_mistake_is_shown():
    assert collected(clip_table(1), count=0)["clips"] == []


def test_a_clip_whose_audio_has_gone_is_one_plain_refusal(clips, tmp_path):
    (tmp_path / "001-02.wav").unlink()
    with pytest.raises(Refusal) as refusal:
        collected(clips)
    assert "001-02.wav was readable when its corpus was indexed and is not now" in str(
        refusal.value
    )
    assert "put the file back" in str(refusal.value)


def test_the_outline_goes_along_the_largest_and_back_along_the_smallest_values():
    samples = np.zeros(portrait.COLUMNS * 10, dtype=np.float32)
    samples[5], samples[3194] = 0.5, -0.25
    corners = portrait.outline(samples).removeprefix("M").removesuffix("Z").split("L")
    assert len(corners) == 2 * portrait.COLUMNS
    assert corners[0] == "0 -100"
    assert corners[portrait.COLUMNS] == f"{portrait.COLUMNS - 1} 50"
    assert {corner.split()[1] for corner in corners} == {"-100", "0", "50"}


@pytest.mark.parametrize("length", [1, 100, 16000, 16000 * 30])
def test_a_clip_of_any_length_fits_the_picture(length):
    samples = np.sin(2 * np.pi * 1000 * np.arange(length) / 16000).astype(np.float32)
    levels = portrait.levels(samples)
    assert levels.shape[0] == portrait.N_MELS and levels.shape[1] <= portrait.COLUMNS
    assert portrait.outline(samples).count("L") == 2 * portrait.COLUMNS - 1
    assert portrait.mp3(samples)


def test_a_tone_is_a_line_at_its_frequency():
    samples = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000).astype(np.float32)
    levels = portrait.levels(samples)
    # Slaney's mel scale is linear up to 1,000 Hz, which is 15 of its 45.2 up to 8,000 Hz.
    expected = portrait.N_MELS - portrait.N_MELS * 15 / 45.2
    assert np.abs(levels[:, 20:-20].argmax(axis=0) - expected).max() < 2
    assert levels.max() == 255 and levels[0, 50] == 0


def test_a_silent_clip_has_a_flat_picture():
    assert set(portrait.outline(np.zeros(4000)).split("L")[1].split()) == {"1", "0"}


def test_the_image_is_a_png_of_the_palette():
    levels = np.arange(256, dtype=np.uint8).reshape(8, 32)[::-1]
    image = portrait.png(levels, MAGMA)
    assert image == portrait.png(levels.copy(), MAGMA)
    decoded = Image.open(io.BytesIO(image))
    assert (decoded.format, decoded.mode, decoded.size) == ("PNG", "P", (32, 8))
    np.testing.assert_array_equal(np.asarray(decoded), levels)
    assert bytes(decoded.getpalette()) == MAGMA
    colours = np.frombuffer(MAGMA, np.uint8).reshape(256, 3)
    np.testing.assert_array_equal(np.asarray(decoded.convert("RGB")), colours[levels])


def test_an_image_of_few_levels_keeps_them():
    levels = np.array([[0, 3, 255]], dtype=np.uint8)
    decoded = Image.open(io.BytesIO(portrait.png(levels, MAGMA)))
    np.testing.assert_array_equal(np.asarray(decoded), levels)


def test_the_picture_of_a_clip_has_its_levels(clips):
    samples = read_window(clips["path"][7], sample_rate_hz=16000, offset_s=0, duration_s=None)
    address = collected(clips)["clips"][0]["spectrogram"]
    decoded = Image.open(io.BytesIO(b64decode(address.removeprefix("data:image/png;base64,"))))
    np.testing.assert_array_equal(np.asarray(decoded), portrait.levels(samples))
