"""A recording that is there twice is one clip, in whatever encoding, rate, level or cut."""

import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from recordings import encode
from serfusion.clips.dataset import combine
from serfusion.clips.fingerprints import SAME, fingerprint, same_recordings
from serfusion.clips.indexing import index
from serfusion.corpora import crema_d, manifest, ravdess
from speech import clip_table, voice

RATE = 16000


def phrase(seed: int, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    """Return a voice that no other seed's is like, between silences."""
    random = np.random.default_rng(seed)
    pitch = 110 + 60 * random.random() + 25 * np.cumsum(random.standard_normal(40)) / 6
    time = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(np.interp(time, np.linspace(0, seconds, 40), pitch)) / rate
    loud = np.interp(time, np.linspace(0, seconds, 20), random.random(20))
    tone = sum(np.sin(n * phase) / n for n in range(1, 12))
    quiet = np.zeros(rate // 5)
    samples = np.concatenate([quiet, 0.2 * loud * tone, quiet])
    return (samples + 1e-3 * random.standard_normal(len(samples))).astype(np.float32)


def resampled(samples, rate):
    return librosa.resample(samples, orig_sr=RATE, target_sr=rate), rate


CHANGES = {
    "quieter": lambda samples: (0.1 * samples, RATE),
    "inverted": lambda samples: (-samples, RATE),
    "clipped": lambda samples: (np.clip(samples, -0.3, 0.3), RATE),
    "8 kHz": lambda samples: resampled(samples, 8000),
    "48 kHz": lambda samples: resampled(samples, 48000),
    "later": lambda samples: (np.pad(samples, (4000, 0)), RATE),
    "cut closer": lambda samples: (samples[3000:-3000], RATE),
    "offset": lambda samples: (samples + 0.2, RATE),
    "8 bits": lambda samples: (np.round(samples * 127).astype(np.float32) / 127, RATE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_recognised(change):
    samples = phrase(1)
    others = [fingerprint(phrase(seed), RATE) for seed in range(2, 30)]
    copy = fingerprint(*CHANGES[change](samples))
    ((first, second, correlation),) = same_recordings([fingerprint(samples, RATE), *others, copy])
    assert (first, second) == (0, len(others) + 1)
    assert SAME < correlation <= 1 + 1e-6


@pytest.mark.parametrize("ending", ["m4a", "mp3", "opus", "amr", "wma"])
def test_a_copy_in_another_encoding_is_recognised(tmp_path, ending):
    prints = []
    for seed in range(6):
        samples = phrase(seed)
        path = encode(tmp_path / f"{seed}.{ending}", samples, RATE)
        lists = [manifest_of(tmp_path, path)]
        _, _, found = index("mine", manifest, lists[0], workers=1)
        prints += [fingerprint(samples, RATE), found["fingerprint"].iloc[0]]
    pairs = same_recordings(prints)
    assert [(first, second) for first, second, _ in pairs] == [(n, n + 1) for n in range(0, 12, 2)]


def manifest_of(tmp_path, path):
    manifest_file = tmp_path / f"{path.stem}.csv"
    manifest_file.write_text(f"path,actor,emotion\n{path.name},1,sad\n", encoding="utf-8")
    return manifest_file


@given(st.lists(st.integers(0, 5), max_size=8))
def test_all_pairs_of_one_recording_are_found_and_no_other_in_order(recordings):
    prints = [PRINTS[number] for number in recordings]
    expected = [
        (first, second)
        for first in range(len(recordings))
        for second in range(first + 1, len(recordings))
        if recordings[first] == recordings[second] != SOUNDLESS
    ]
    assert [(first, second) for first, second, _ in same_recordings(prints)] == expected


SOUNDLESS = 5
PRINTS = [*(fingerprint(phrase(seed), RATE) for seed in range(SOUNDLESS)), b""]


def test_a_near_copy_is_left_out_with_its_pair_and_under_two_labels_both_are(tmp_path, write_clip):
    lines = ["path,actor,emotion"]
    for name, seed, emotion, gain in (
        ("a", 1, "sad", 1),
        ("a again", 1, "sad", 0.3),
        ("b", 2, "angry", 1),
        ("b again", 2, "sad", 0.3),
        ("c", 3, "angry", 1),
    ):
        write_clip(f"{name}.wav", gain * phrase(seed))
        lines.append(f"{name}.wav,1,{emotion}")
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    clips, rejected, _ = index("mine", manifest, path, workers=1)
    assert clips["clip"].tolist() == ["mine/a", "mine/c"]
    said = "waveforms correlate by 1.00"
    assert {path.rpartition("/")[2]: reason for path, reason in rejected.to_numpy()} == {
        "a again.wav": f"the recording of mine/a again ({said})",
        "b.wav": f"same recording ({said}) under two labels: {tmp_path}/b again.wav",
        "b again.wav": f"same recording ({said}) under two labels: {tmp_path}/b.wav",
    }


def test_a_recording_of_two_corpora_is_one_clip_of_their_dataset(tmp_path, write_clip):
    tables, prints = [], []
    for corpus, ending, seeds in (("first", "wav", (1, 2, 3)), ("second", "m4a", (3, 4, 2))):
        lines = ["path,actor,emotion"]
        for seed in seeds:
            name = f"{corpus}_{seed}.{ending}"
            if ending == "wav":
                write_clip(name, phrase(seed))
            else:
                encode(tmp_path / name, phrase(seed), RATE)
            emotion = "happy" if (corpus, seed) == ("second", 2) else ("sad", "angry")[seed % 2]
            lines.append(f"{name},{corpus}{seed},{emotion}")
        path = tmp_path / f"{corpus}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = index(corpus, manifest, path, workers=1)
        tables.append(found.clips)
        prints.append(found.fingerprints)
    dataset, rejected = combine(tables, prints, merge={}, drop=[])
    assert dataset["clip"].tolist() == ["first/first_1", "first/first_3", "second/second_4"]
    reasons = {path.rpartition("/")[2]: reason for path, reason in rejected.to_numpy()}
    assert reasons["second_3.m4a"].startswith("the recording of first/first_3 again")
    assert "under two labels" in reasons["first_2.wav"]
    assert "under two labels" in reasons["second_2.m4a"]


def test_of_a_clip_as_wav_and_as_mp3_the_mp3_is_left_out(tmp_path):
    (tmp_path / "AudioWAV").mkdir()
    (tmp_path / "AudioMP3").mkdir()
    for seed, name in enumerate(("1001_DFA_ANG_XX", "1001_DFA_SAD_XX")):
        soundfile.write(tmp_path / f"AudioWAV/{name}.wav", phrase(seed), RATE)
        encode(tmp_path / f"AudioMP3/{name}.mp3", phrase(seed), RATE)
    clips, rejected, _ = index("crema_d", crema_d, tmp_path, workers=1)
    assert clips["path"].str.endswith(".wav").all() and len(clips) == 2
    assert rejected["reason"].tolist() == [
        f"another encoding of {tmp_path}/AudioWAV/1001_DFA_{emotion}_XX.wav"
        for emotion in ("ANG", "SAD")
    ]


def test_the_videos_of_ravdess_are_other_modalities_of_its_recordings(tmp_path):
    actor = tmp_path / "Actor_01"
    actor.mkdir()
    for number, emotion in enumerate(("03", "05")):
        name = f"01-{emotion}-01-01-01-01"
        soundfile.write(actor / f"03-{name}.wav", phrase(number), RATE)
        encode(actor / f"01-{name}.mp4", phrase(number), RATE, picture=True)
        (actor / f"02-{name}.mp4").write_bytes(b"a picture")
    clips, rejected, _ = index("ravdess", ravdess, tmp_path, workers=1)
    assert len(clips) == 2 and clips["path"].str.endswith(".wav").all()
    assert sorted(set(rejected["reason"].str.partition(" 03-")[0])) == [
        "another modality of the recording",
        "video without sound",
    ]


def test_clips_without_sound_in_that_band_are_copies_of_none():
    tables = [clip_table(2, corpus="a"), clip_table(2, corpus="b")]
    silent = [table[["clip"]].assign(fingerprint=b"") for table in tables]
    dataset, rejected = combine(tables, silent, merge={}, drop=[])
    assert rejected.empty and len(dataset) == len(pd.concat(tables))


def test_takes_of_one_sentence_are_not_copies_of_each_other():
    prints = [fingerprint(voice(2, RATE, seed), RATE) for seed in range(12)]
    assert same_recordings(prints) == []
