"""Tables of an encoder's features: one clip is as good as a thousand."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from encoders import WIDTH, tiny_encoder
from serfusion.errors import Refusal
from serfusion.extraction.encoder import Encoder
from serfusion.extraction.feature_table import augmented_audio, by_file
from serfusion.extraction.state_statistics import state_statistics
from serfusion.features import encoder as features
from serfusion.files import write_parquet_parts
from speech import voice

LAYERS = [1, 3]
SETTINGS = {
    "layers": LAYERS,
    "frames": None,
    "device": "cpu",
    "precision": "float32",
    "augmentation": "original",
    "transform": None,
    "workers": 2,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_encoder(tmp_path_factory.mktemp("encoder"), "wav2vec2_large")


@pytest.fixture
def clips(write_clip) -> pd.DataFrame:
    """Seven clips of four lengths, two of them at another rate."""
    lengths = [1, 1.4, 1, 2.1, 1, 1.4, 0.6]
    rates = [16000, 16000, 16000, 48000, 16000, 22050, 16000]
    paths = [
        str(write_clip(f"{number}.wav", voice(seconds, rate, number), rate))
        for number, (seconds, rate) in enumerate(zip(lengths, rates, strict=True))
    ]
    clips = pd.DataFrame({"clip": [f"made/{number}" for number in range(7)], "path": paths})
    return clips.assign(start_s=None, end_s=None, channel=None, duration_s=lengths)


def audio(clips: pd.DataFrame, transform: dict | None = None) -> list[np.ndarray]:
    """Return the audio of clips that are each a file."""
    return [
        samples
        for file in by_file(clips)
        for samples in augmented_audio(file, transform, sample_rate_hz=16000)
    ]


def written(tmp_path, clips, folder, **changes) -> pq.ParquetFile:
    schema, parts = features.tables(clips, folder, **SETTINGS | changes)
    write_parquet_parts(parts, schema, tmp_path / "table.parquet")
    return pq.ParquetFile(tmp_path / "table.parquet")


def values(file: pq.ParquetFile) -> np.ndarray:
    return values_of(file.read())


def values_of(table: pa.Table) -> np.ndarray:
    return table["values"].combine_chunks().to_numpy_ndarray()


def test_a_table_has_the_form_that_models_read(tmp_path, clips, folder):
    file = written(tmp_path, clips, folder)
    table = file.read()
    assert table.schema.names == ["clip", "augmentation", "length", "values"]
    rows = 4 * len(LAYERS)
    assert table.schema.field("values").type == pa.fixed_shape_tensor(pa.float16(), (rows, WIDTH))
    assert table["clip"].to_pylist() == clips["clip"].tolist()
    assert set(table["augmentation"].to_pylist()) == {"original"}
    assert set(table["length"].to_pylist()) == {rows}
    encoder = Encoder(folder, layers=LAYERS, precision="float32", device="cpu")
    for row, samples in zip(values(file), audio(clips), strict=True):
        np.testing.assert_array_equal(row, state_statistics(encoder, samples[None])[0])


def test_what_was_computed_with_is_kept_in_the_file(tmp_path, clips, folder):
    for precision in ("float32", "int8", "bfloat16"):
        metadata = written(tmp_path, clips[:1], folder, precision=precision).schema_arrow.metadata
        assert metadata[b"precision"] == precision.encode()
        assert metadata[b"device"] == b"cpu"


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_a_clips_bytes_depend_on_no_other_clip_and_on_no_process(
    tmp_path, clips, folder, precision, monkeypatch
):
    whole = values(written(tmp_path, clips, folder, precision=precision))
    again = values(written(tmp_path, clips, folder, precision=precision, workers=1))
    turned = values(written(tmp_path, clips[::-1], folder, precision=precision))[::-1]
    monkeypatch.setattr(features, "CLIPS", 2)
    in_twos = written(tmp_path, clips, folder, precision=precision)
    assert in_twos.num_row_groups == 4
    for other in (again, turned, values(in_twos)):
        assert other.tobytes() == whole.tobytes()
    for place in (0, 3, 6):
        alone = values(written(tmp_path, clips[place : place + 1], folder, precision=precision))
        assert alone.tobytes() == whole[place : place + 1].tobytes()


def test_clips_are_in_memory_by_number_and_by_length(monkeypatch):
    monkeypatch.setattr(features, "CLIPS", 3)
    monkeypatch.setattr(features, "SECONDS", 10)
    clips = pd.DataFrame({"duration_s": [1, 2, 3, 9, 1, 1, 50, 4, 4, 4]})
    parts = [part["duration_s"].tolist() for part in features._divided(clips)]
    assert parts == [[1, 2, 3], [9, 1], [1], [50], [4, 4], [4]]


def test_a_gpus_way_gives_nearly_the_same_in_the_same_order(clips, folder, monkeypatch):
    monkeypatch.setattr(features, "BATCH_S", 2)
    encoder = Encoder(folder, layers=LAYERS, precision="float32", device="cpu")
    together = features._together(encoder, state_statistics, audio(clips))
    for samples, statistics in zip(audio(clips), together, strict=True):
        expected = state_statistics(encoder, samples[None])[0]
        np.testing.assert_allclose(statistics, expected, rtol=3e-3, atol=3e-3)


def test_segments_of_a_file_are_clips_like_others(tmp_path, write_clip, folder, monkeypatch):
    whole = np.concatenate([voice(1, 16000, seed) for seed in range(3)])
    starts = {"c": 0.0, "a": 2.0, "b": 1.0}
    segments = pd.DataFrame(
        {
            "clip": list(starts),
            "path": str(write_clip("long.wav", whole)),
            "start_s": list(starts.values()),
            "end_s": [start + 1 for start in starts.values()],
            "channel": None,
            "duration_s": 1.0,
        }
    )
    together = values(written(tmp_path, segments, folder))
    monkeypatch.setattr(features, "CLIPS", 2)
    assert values(written(tmp_path, segments, folder)).tobytes() == together.tobytes()
    for row, start in zip(together, starts.values(), strict=True):
        path = str(write_clip("short.wav", whole[int(start) * 16000 :][:16000]))
        alone = segments[:1].assign(path=path, start_s=None, end_s=None)
        assert values(written(tmp_path, alone, folder))[0].tobytes() == row.tobytes()


def test_augmented_clips_are_encoded_as_they_are_then(tmp_path, clips, folder):
    transform = {"kind": "stretch", "rate": 0.8}
    changes = {"augmentation": "slow", "transform": transform}
    file = written(tmp_path, clips[:2], folder, **changes)
    encoder = Encoder(folder, layers=LAYERS, precision="float32", device="cpu")
    samples = audio(clips[:1], transform)[0]
    assert len(samples) > 1.2 * 16000
    np.testing.assert_array_equal(values(file)[0], state_statistics(encoder, samples[None])[0])
    assert file.read()["augmentation"].to_pylist() == ["slow"] * 2


def test_half_precision_is_for_gpus_alone(clips, folder):
    with pytest.raises(Refusal, match="not computed with precision float16 on a CPU: choose"):
        features.tables(clips, folder, **SETTINGS | {"precision": "float16"})


def test_a_gpu_that_is_not_there_is_refused(clips, folder, monkeypatch):
    monkeypatch.setattr(features.torch.cuda, "is_available", lambda: False)
    with pytest.raises(Refusal, match="device is gpu, and this machine has no GPU"):
        features.tables(clips, folder, **SETTINGS | {"device": "gpu"})


def test_a_feature_that_half_precision_cannot_hold_names_the_file(tmp_path, clips, folder):
    encoder = features._encoder(folder, tuple(LAYERS), "float32", "cpu")
    with pytest.MonkeyPatch.context() as patch:
        states = encoder.states
        patch.setattr(encoder, "states", lambda samples: [each * 1e6 for each in states(samples)])
        with pytest.raises(Refusal, match=r"0\.wav: a feature of the encoder is not a finite"):
            written(tmp_path, clips, folder)
    assert not (tmp_path / "table.parquet").exists()


def test_a_missing_file_leaves_no_half_table(tmp_path, clips, folder, monkeypatch):
    monkeypatch.setattr(features, "CLIPS", 2)
    clips.loc[5, "path"] = "gone.wav"
    with pytest.raises(Refusal, match=r"gone\.wav was readable when its corpus was indexed"):
        written(tmp_path, clips, folder)
    assert not [path for path in tmp_path.iterdir() if "parquet" in path.name]


FRAMES = {"layers": [3], "frames": 60}


def test_a_table_may_keep_frames_of_one_layer(tmp_path, clips, folder):
    table = written(tmp_path, clips, folder, **FRAMES).read()
    assert table.schema.names == ["clip", "augmentation", "length", "values"]
    assert table.schema.field("values").type == pa.fixed_shape_tensor(pa.float16(), (60, WIDTH))
    assert table.schema.metadata[b"precision"] == b"float32"
    encoder = Encoder(folder, layers=[3], precision="float32", device="cpu")
    lengths = table["length"].to_pylist()
    padded = table["values"].combine_chunks().to_numpy_ndarray()
    for row, length, samples in zip(padded, lengths, audio(clips), strict=True):
        (states,) = encoder.states(samples[None])
        assert length == min(60, states.shape[1])
        # This process has more threads than the job's, and sums in another order.
        expected = states[0, :length].half().numpy()
        np.testing.assert_allclose(row[:length], expected, rtol=2e-3, atol=1e-5)
        assert (row[length:] == 0).all()
    assert max(lengths) == 60 and len(set(lengths)) > 2


def test_frames_too_are_the_same_whatever_is_computed_beside_them(
    tmp_path, clips, folder, monkeypatch
):
    whole = written(tmp_path, clips, folder, **FRAMES).read()
    monkeypatch.setattr(features, "CLIPS", 2)
    in_twos = written(tmp_path, clips[::-1], folder, **FRAMES, workers=1).read()
    assert values_of(in_twos)[::-1].tobytes() == values_of(whole).tobytes()
    assert in_twos["length"].to_pylist()[::-1] == whole["length"].to_pylist()
