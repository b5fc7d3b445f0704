"""Recordings as phones and browsers make them, and WAV files whose headers lie."""

import struct
from pathlib import Path

import av
import numpy as np
import soundfile

ENCODED = {
    "m4a": ("mp4", "aac", 16000, 48000),
    "mp4": ("mp4", "aac", 16000, 48000),
    "aac": ("adts", "aac", 16000, 48000),
    "webm": ("webm", "libopus", 48000, 32000),
    "opus": ("ogg", "libopus", 48000, 32000),
    "3gp": ("3gp", "libopencore_amrnb", 8000, 12200),
    "amr": ("amr", "libopencore_amrnb", 8000, 12200),
    "wma": ("asf", "wmav2", 16000, 64000),
    "mp3": ("mp3", "libmp3lame", 16000, 64000),
}
"""Ending to container, codec, sample rate in Hz and bit rate."""


def encode(path: Path, samples: np.ndarray, rate: int, *, picture: bool = False) -> Path:
    """Write mono samples, full scale ±1, as the ending of `path` says, and return it.

    With `picture`, the file is a video with a black picture.
    """
    container, codec, codec_rate, bit_rate = ENCODED[path.suffix[1:]]
    whole = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(path, "w", format=container) as file:
        stream = file.add_stream(codec, rate=codec_rate, layout="mono")
        stream.bit_rate = bit_rate
        if picture:
            _add_black(file)
        resampler = av.AudioResampler(stream.codec_context.format, "mono", codec_rate)
        fifo = av.AudioFifo()
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            fifo.write(part)
        while part := fifo.read(stream.codec_context.frame_size or 1024, partial=True):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return path


def encode_video_without_sound(path: Path) -> Path:
    """Write a short video that has a black picture and no sound, and return its path."""
    with av.open(path, "w", format="mp4") as file:
        _add_black(file)
    return path


def _add_black(file: av.container.OutputContainer) -> None:
    stream = file.add_stream("mpeg4", rate=10)
    stream.width = stream.height = 32
    for _ in range(5):
        black = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        file.mux(stream.encode(black))
    file.mux(stream.encode(None))


def wav_with_stated_size(path: Path, samples: np.ndarray, rate: int, stated_bytes: int) -> Path:
    """Write a 16-bit WAV whose header states another size of its sound, and return its path."""
    soundfile.write(path, samples, rate, format="WAV", subtype="PCM_16")
    content = bytearray(path.read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", stated_bytes)
    path.write_bytes(content)
    return path


def flac_of_unknown_length(path: Path, samples: np.ndarray, rate: int) -> Path:
    """Write a FLAC file whose header leaves the number of samples open, and return its path."""
    soundfile.write(path, samples, rate, format="FLAC")
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # the number has 36 bits, in STREAMINFO
    content[22:26] = bytes(4)
    path.write_bytes(content)
    return path
