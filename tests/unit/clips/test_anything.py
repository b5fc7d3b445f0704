"""Whatever people have ends in clips, in reasons or in one sentence, and never in a traceback."""

import csv
import struct

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serfusion.clips.decoding import DecodingError, open_audio
from serfusion.clips.indexing import index
from serfusion.corpora import crema_d, iemocap, manifest, ravdess, savee, tess
from serfusion.errors import Refusal
from speech import voice

RATE = 8000
IN_ONE_FOLDER = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=40
)


def outcome(corpus, root):
    """Index a corpus and return its clips and rejected files, or the refusal."""
    try:
        found = index("mine", corpus, root, workers=1)
    except Refusal as refusal:
        assert str(refusal).endswith((".", "?"))
        return None
    assert found.clips["clip"].is_unique
    assert found.rejected["reason"].str.len().gt(0).all()
    assert len(found.fingerprints) == len(found.clips)
    return found


@IN_ONE_FOLDER
@given(
    header=st.lists(
        st.sampled_from(["path", "actor", "emotion", "gender", "start", "end", "session", "x", ""]),
        min_size=3,
        max_size=8,
    ),
    rows=st.lists(
        st.lists(
            st.one_of(st.sampled_from(["a.wav", "b.wav", "sad", "Sad", "1", "2.5", "nan"]), WORDS),
            max_size=8,
        ),
        max_size=6,
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_any_table_of_cells(tmp_path, header, rows, delimiter):
    for number, name in enumerate(("a.wav", "b.wav")):
        soundfile.write(tmp_path / name, voice(0.3, RATE, number), RATE)
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    manifest._rows.cache_clear()
    outcome(manifest, path)


@IN_ONE_FOLDER
@given(st.binary(max_size=300))
def test_any_bytes_as_a_table(tmp_path, content):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"path,actor,emotion\n" + content)
    manifest._rows.cache_clear()
    outcome(manifest, path)


@pytest.mark.parametrize("corpus", [ravdess, crema_d, tess, savee, iemocap])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, ending=st.sampled_from([".wav", ".WAV", ".m4a", ".mp4", ".flac"]))
def test_any_file_name(tmp_path, corpus, name, ending):
    folder = tmp_path / "corpus"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    try:
        (folder / f"{name}{ending}").write_bytes(b"nothing")
    except OSError:
        return  # no file system takes this name
    assert outcome(corpus, folder) is None


@IN_ONE_FOLDER
@given(
    place=st.integers(0, 43),
    content=st.binary(min_size=1, max_size=8),
    length=st.integers(0, 3000),
)
def test_any_header_of_a_wav(tmp_path, place, content, length):
    path = tmp_path / "03-01-05-01-01-01-01.wav"
    soundfile.write(path, voice(0.15, RATE), RATE, subtype="PCM_16")
    changed = bytearray(path.read_bytes())
    changed[place : place + len(content)] = content
    path.write_bytes(bytes(changed[:length]))
    outcome(ravdess, tmp_path)


@IN_ONE_FOLDER
@given(
    channels=st.integers(0, 2**16 - 1),
    rate=st.integers(0, 2**32 - 1),
    bits=st.integers(0, 2**16 - 1),
    code=st.sampled_from([0, 1, 2, 3, 6, 7, 17, 49, 85, 0xFFFE, 0xFFFF]),
    size=st.integers(0, 2**32 - 1),
)
def test_any_numbers_in_the_header_of_a_wav(tmp_path, channels, rate, bits, code, size):
    sound = b"fmt " + struct.pack("<IHHIIHH", 16, code, channels, rate, 0, 2, bits)
    sound += b"data" + struct.pack("<I", size) + bytes(range(256)) * 8
    path = tmp_path / "03-01-05-01-01-01-01.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(sound) + 4) + b"WAVE" + sound)
    outcome(ravdess, tmp_path)


@IN_ONE_FOLDER
@given(
    ending=st.sampled_from(["wav", "flac", "ogg", "mp3", "m4a", "amr", "webm"]),
    start=st.sampled_from(
        [b"", b"RIFF", b"fLaC", b"OggS", b"ID3", b"\xff\xfb", b"#!AMR\n", b"\x1aE\xdf\xa3"]
    ),
    content=st.binary(max_size=500),
)
def test_any_bytes_as_audio(tmp_path, ending, start, content):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(start + content)
    try:
        with open_audio(path) as audio:
            while len(audio.read()):
                pass
    except DecodingError as error:
        assert str(error)
