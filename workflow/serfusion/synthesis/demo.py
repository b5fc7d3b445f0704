"""The demo corpus: eSpeak NG's speakers in RAVDESS's folders and names, male and female in turn.

A clip of each emotion, sentence and repetition; the second repetition is spoken strongly, except of
neutral, of which RAVDESS knows no strong form. It has none of RAVDESS's faults.
"""

from collections.abc import Iterator
from pathlib import Path

from serfusion.corpora.ravdess import EMOTIONS
from serfusion.speech.clips import Clip
from serfusion.speech.stage import Stage
from serfusion.synthesis import ravdess


def synthesise(folder: Path, seed: int, *, speakers: int) -> int:
    """Write the corpus under `folder` as 16-bit WAV and return the number of clips."""
    stage = Stage(folder, "demo", seed)
    for clip in clips(speakers):
        stage.write(clip.path, stage.say(clip))
    return stage.finish()


def clips(speakers: int) -> Iterator[Clip]:
    """Yield what `speakers` speakers say."""
    for actor in range(1, speakers + 1):
        for code, emotion in EMOTIONS.items():
            for sentence in ravdess.SENTENCES:
                for repetition in (1, 2):
                    intensity = "01" if emotion == "neutral" else f"{repetition:02d}"
                    said = ravdess.clip(actor, code, intensity, sentence, repetition)
                    yield said._replace(actor=str(actor))
