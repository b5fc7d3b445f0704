"""Stand-in for TESS: 2 female actors, 200 words, 2,800 clips at 24,414 Hz.

Its faults: one clip of OAF is named `OA_bite_neutral`, the names of the folders vary in case and
spelling, one file has a sample rate of 96 kHz, and a subfolder holds a copy of one folder (of all
folders in copies that are in circulation).
"""

import shutil
from pathlib import Path, PurePath

from serfusion.corpora.tess import EMOTIONS
from serfusion.speech.clips import Clip, select_clips
from serfusion.speech.synthesiser import CorpusSynthesiser, resample

SAMPLE_RATE_HZ = 24414
WORDS = """
back bar base bath bean beg bite boat bone book bought burn cab calm came cause chain chair chalk
chat check cheek chief choice cool dab date dead death deep dime dip ditch dodge dog doll door fail
fall far fat fit five food gap gas gaze germ get gin goal good goose gun half hall hash hate haze
hire hit hole home hurl hush jail jar join judge jug juice keen keep keg kick kill king kite knock
late laud lean learn lease lid life limb live loaf long lore lose lot love luck make match merge
mess met mill mob mode mood moon mop mouse nag name near neat nice note numb pad page pain pass
pearl peg perch phone pick pike pole pool puff push rag raid rain raise rat reach read red ring
ripe road room rose rot rough rush said sail search seize sell shack shall shawl sheep shirt should
shout size soap soup sour south sub such sure take talk tape team tell thin third thought thumb
time tip tire ton tool tough turn vine voice void vote wag walk wash week wheat when which whip
white wife wire witch yearn yes young youth
"""

FOLDERS = {
    "OAF": {"fear": "Fear", "ps": "Pleasant_surprise", "sad": "Sad"},
    "YAF": {"ps": "pleasant_surprised"},
}
"""The spellings of folder names that differ from the code of their emotion."""

MISNAMED, CORRECT_NAME = "OA_bite_neutral", "OAF_bite_neutral"
AT_96_KHZ = "YAF_germ_angry"
NESTED = PurePath("TESS Toronto emotional speech set data")


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in to `folder` and return the number of its audio files."""
    synthesiser = CorpusSynthesiser(folder, "stand-in TESS", seed, SAMPLE_RATE_HZ)
    for clip in clips(seed, clips_per_actor):
        samples = synthesiser.speak(clip)
        if clip.name == AT_96_KHZ:
            synthesiser.write(clip.path, resample(samples, SAMPLE_RATE_HZ, 96000), 96000)
        else:
            synthesiser.write(clip.path, samples)
    shutil.copytree(folder / "OAF_angry", folder / NESTED / "OAF_angry")
    return synthesiser.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return the clips, sorted by actor, emotion and word."""
    all_clips = [
        _clip(actor, word, code) for actor in FOLDERS for code in EMOTIONS for word in WORDS.split()
    ]
    in_odd_folders = {
        f"{actor}_back_{code}" for actor, spellings in FOLDERS.items() for code in spellings
    }
    faulty = {MISNAMED, AT_96_KHZ, *in_odd_folders}
    return select_clips(all_clips, clips_per_actor, seed, always=faulty)


def _clip(actor: str, word: str, code: str) -> Clip:
    name = f"{actor}_{word}_{code}"
    name = MISNAMED if name == CORRECT_NAME else name
    return Clip(
        name=name,
        path=PurePath(f"{actor}_{FOLDERS[actor].get(code, code)}/{name}.wav"),
        actor=actor,
        gender="female",
        emotion=EMOTIONS[code],
        text=f"say the word {word}",
    )
