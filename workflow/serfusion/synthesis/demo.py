"""The demo corpus: synthetic speakers, alternately male and female, in the layout of RAVDESS.

Each speaker has a clip of each emotion, sentence and repetition. The second repetition has strong
intensity, except for neutral, which has no strong form in RAVDESS. None of the faults of RAVDESS
are included.
"""

from collections.abc import Iterator
from pathlib import Path

from serfusion.corpora.ravdess import EMOTIONS
from serfusion.speech.clips import Clip
from serfusion.speech.synthesiser import CorpusSynthesiser
from serfusion.synthesis import ravdess


def synthesise(folder: Path, seed: int, *, speakers: int) -> int:
    """Write the corpus to `folder` as 16-bit WAV files and return the number of clips."""
    synthesiser = CorpusSynthesiser(folder, "demo", seed)
    for clip in clips(speakers):
        synthesiser.write(clip.path, synthesiser.speak(clip))
    return synthesiser.finish()


def clips(speakers: int) -> Iterator[Clip]:
    """Yield the clips of `speakers` speakers, sorted by speaker."""
    for actor in range(1, speakers + 1):
        for code, emotion in EMOTIONS.items():
            for sentence in ravdess.SENTENCES:
                for repetition in (1, 2):
                    intensity = "01" if emotion == "neutral" else f"{repetition:02d}"
                    clip = ravdess.clip(actor, code, intensity, sentence, repetition)
                    yield clip._replace(actor=str(actor))
