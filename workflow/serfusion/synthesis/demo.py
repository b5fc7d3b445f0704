"""The demo corpus: eSpeak NG's speakers in RAVDESS's folders and names, male and female in turn.

A clip of each emotion, sentence and repetition; the second repetition is spoken strongly, except of
neutral, of which RAVDESS knows no strong form. It has none of RAVDESS's faults.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath

from serfusion.corpora.ravdess import EMOTIONS
from serfusion.synthesis.clips import Clip
from serfusion.synthesis.ravdess import SENTENCES, STRENGTHS
from serfusion.synthesis.speech import Stage


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
            for sentence, text in SENTENCES.items():
                for repetition in ("01", "02"):
                    intensity = "01" if emotion == "neutral" else repetition
                    name = f"03-01-{code}-{intensity}-{sentence}-{repetition}-{actor:02d}"
                    yield Clip(
                        name=name,
                        path=PurePath(f"Actor_{actor:02d}/{name}.wav"),
                        actor=str(actor),
                        gender="male" if actor % 2 else "female",
                        emotion=emotion,
                        text=text,
                        strength=STRENGTHS[intensity],
                    )
