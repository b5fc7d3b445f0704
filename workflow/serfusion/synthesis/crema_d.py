"""Stand-in for CREMA-D: 91 actors, 7,442 clips at 16 kHz, and the table of the actors' genders.

Its faults: three pairs of clips have the same audio under different labels, `1076_MTI_SAD_XX` is
silent, one clip is named `1040_ITH_SAD_X` as in old copies, and the same 20 clips are missing as in
the corpus. In the table, the gender is the only known attribute of the actors.
"""

import shutil
from pathlib import Path, PurePath

import numpy as np

from serfusion.corpora.crema_d import ACTORS, EMOTIONS, TABLES
from serfusion.speech.clips import Clip, select_clips
from serfusion.speech.synthesiser import CorpusSynthesiser

SAMPLE_RATE_HZ = 16000
SENTENCES = {
    "IEO": "It's eleven o'clock",
    "TIE": "That is exactly what happened",
    "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about",
    "TAI": "The airplane is almost full",
    "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock",
    "ITH": "I think I have a doctor's appointment",
    "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before",
    "TSI": "The surface is slick",
    "WSI": "We'll stop in a couple of minutes",
}
STRENGTHS = {"LO": 0.6, "MD": 1.0, "HI": 1.4, "XX": 1.0}

SAME_AUDIO = {
    "1006_TIE_NEU_XX": "1006_TIE_HAP_XX",
    "1013_WSI_SAD_XX": "1013_WSI_DIS_XX",
    "1017_IWW_FEA_XX": "1017_IWW_ANG_XX",
}
SILENT = "1076_MTI_SAD_XX"
MISNAMED, CORRECT_NAME = "1040_ITH_SAD_X", "1040_ITH_SAD_XX"
MISSING = ("1002_TIE_NEU", "1008_WSI", "1009_MTI", "1019_ITH", "1076_ITS_NEU")


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in to `folder` and return the number of its audio files."""
    synthesiser = CorpusSynthesiser(folder, "stand-in CREMA-D", seed, SAMPLE_RATE_HZ)
    for clip in clips(seed, clips_per_actor):
        samples = synthesiser.speak(clip)
        synthesiser.write(clip.path, np.zeros_like(samples) if clip.name == SILENT else samples)
    for copy, original in SAME_AUDIO.items():
        shutil.copyfile(folder / _path(original), folder / _path(copy))
    (folder / TABLES[0]).write_text(_demographics())
    return synthesiser.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return the clips, sorted by actor and sentence."""
    all_clips = [
        _clip(actor, sentence, emotion, level)
        for actor in ACTORS
        for sentence in SENTENCES
        for emotion in EMOTIONS
        for level in _levels(sentence, emotion)
    ]
    existing = [clip for clip in all_clips if not clip.name.startswith(MISSING)]
    faulty = {*SAME_AUDIO, *SAME_AUDIO.values(), SILENT, MISNAMED}
    return select_clips(existing, clips_per_actor, seed, always=faulty)


def _levels(sentence: str, emotion: str) -> tuple[str, ...]:
    """Return the levels of intensity at which `sentence` is spoken with `emotion`."""
    return ("LO", "MD", "HI") if sentence == "IEO" and emotion != "NEU" else ("XX",)


def _clip(actor: str, sentence: str, emotion: str, level: str) -> Clip:
    name = f"{actor}_{sentence}_{emotion}_{level}"
    name = MISNAMED if name == CORRECT_NAME else name
    return Clip(
        name=name,
        path=_path(name),
        actor=actor,
        gender=ACTORS[actor],
        emotion=EMOTIONS[emotion],
        text=SENTENCES[sentence],
        strength=STRENGTHS[level],
    )


def _path(name: str) -> PurePath:
    return PurePath(f"AudioWAV/{name}.wav")


def _demographics() -> str:
    header = '"ActorID","Age","Sex","Race","Ethnicity"\n'
    rows = (
        f'{actor},"Unknown","{gender.title()}","Unknown","Unknown"\n'
        for actor, gender in ACTORS.items()
    )
    return header + "".join(rows)
