"""Stand-in for IEMOCAP: 5 sessions of two actors, 10,039 turns at 16 kHz, and their evaluations.

Each emotion has as many turns as in IEMOCAP, divided equally among the actors and distributed over
the dialogues at random. Actors, dialogues and turns have the names of IEMOCAP, but the sentences
are ours.

Its faults: one dialogue is also a single file, beside its turns; there is a hidden macOS file
beside the evaluations; and the evaluations of session 2 have Windows line endings.
"""

from itertools import groupby
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np

from serfusion.seeds import seed_for
from serfusion.speech.clips import Clip, alternate_emotions
from serfusion.speech.synthesiser import CorpusSynthesiser


class Evaluation(NamedTuple):
    """IEMOCAP's code for an emotion, the label of its raters, and the number of turns."""

    code: str
    rated: str
    turns: int


SAMPLE_RATE_HZ = 16000
EVALUATIONS = {
    "angry": Evaluation("ang", "Anger", 1103),
    "disgust": Evaluation("dis", "Disgust", 2),
    "excited": Evaluation("exc", "Excited", 1041),
    "fear": Evaluation("fea", "Fear", 40),
    "frustrated": Evaluation("fru", "Frustration", 1849),
    "happy": Evaluation("hap", "Happiness", 595),
    "neutral": Evaluation("neu", "Neutral", 1708),
    "other": Evaluation("oth", "Other", 3),
    "sad": Evaluation("sad", "Sadness", 1084),
    "surprise": Evaluation("sur", "Surprise", 107),
    "undecided": Evaluation("xxx", "Frustration; Neutral", 2507),
}
GENDERS = {"F": "female", "M": "male"}
SESSIONS = range(1, 6)
ACTORS = tuple((session, letter) for session in SESSIONS for letter in GENDERS)
SCENES = """
impro01 script01_1 impro02 script01_2 impro03 script01_3 impro04 script02_1 impro05 script02_2
impro06 script03_1 impro07 script03_2 impro08
"""
DIALOGUES = tuple(f"{wearer}_{scene}" for scene in SCENES.split() for wearer in GENDERS)
"""The dialogues of each session; the first letter is the actor who wore the markers."""

SENTENCES = (
    "I told you that already",
    "What do you want me to do",
    "We could go to the beach",
    "You never listen to me",
    "It will be all right",
    "They said it would take a week",
    "I can't believe it happened",
    "Let me think about it",
    "Did you get the letter",
    "There is nothing left to say",
    "Who else knows about this",
    "Wait here for a minute",
    "That was a long time ago",
    "I have to go in the morning",
    "Everyone is asking for you",
)

WHOLE_DIALOGUE = "Ses01F_impro01"
HIDDEN = PurePath("Session1/dialog/EmoEvaluation/._Ses01F_impro01.txt")
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x02\x00\x00\x00\x09\xff"
WINDOWS_SESSION = "Session2"
HEADER = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"


def synthesise(folder: Path, seed: int, *, clips_per_actor: int | None) -> int:
    """Write the stand-in to `folder` and return the number of its audio files."""
    synthesiser = CorpusSynthesiser(folder, "stand-in IEMOCAP", seed, SAMPLE_RATE_HZ)
    for _, turns in groupby(clips(seed, clips_per_actor), lambda clip: clip.path.parent):
        _write_dialogue(synthesiser, folder, list(turns))
    (folder / HIDDEN).write_bytes(APPLE_DOUBLE)
    return synthesiser.finish()


def clips(seed: int, clips_per_actor: int | None) -> list[Clip]:
    """Return the clips, sorted by session, dialogue and turn; the two actors take turns."""
    emotions = _emotions_of_turns(seed, clips_per_actor)
    sessions = []
    for session in SESSIONS:
        for index, dialogue in enumerate(DIALOGUES):
            turns = [
                (number, letter, emotion)
                for letter in GENDERS
                for number, emotion in enumerate(emotions[session, letter][index :: len(DIALOGUES)])
            ]
            sessions += [_clip(seed, session, dialogue, *turn) for turn in sorted(turns)]
    return sessions


def _emotions_of_turns(seed: int, per_actor: int | None) -> dict[tuple[int, str], list[str]]:
    """Return the emotions of each actor's turns in random order, by session and letter.

    The order is random so that no dialogue, and no part of one, consists of a single emotion.
    """
    all_turns = [
        emotion for emotion, evaluation in EVALUATIONS.items() for _ in range(evaluation.turns)
    ]
    emotions = {}
    for number, actor in enumerate(ACTORS):
        actor_emotions = alternate_emotions(all_turns[number :: len(ACTORS)], str)[:per_actor]
        random = np.random.default_rng(seed_for(seed, "order of turns", *actor))
        emotions[actor] = random.permutation(actor_emotions).tolist()
    return emotions


def _clip(seed: int, session: int, dialogue: str, number: int, letter: str, emotion: str) -> Clip:
    dialogue_name = f"Ses{session:02d}{dialogue}"
    name = f"{dialogue_name}_{letter}{number:03d}"
    return Clip(
        name=name,
        path=PurePath(f"Session{session}/sentences/wav/{dialogue_name}/{name}.wav"),
        actor=f"{session:02d}{letter}",
        gender=GENDERS[letter],
        emotion=emotion,
        text=SENTENCES[seed_for(seed, "sentence", name) % len(SENTENCES)],
    )


def _write_dialogue(synthesiser: CorpusSynthesiser, folder: Path, turns: list[Clip]) -> None:
    """Synthesise and write the turns of one dialogue, and write their evaluations."""
    session, *_, dialogue, _ = turns[0].path.parts
    speech = [synthesiser.speak(turn) for turn in turns]
    for turn, samples in zip(turns, speech, strict=True):
        synthesiser.write(turn.path, samples)
    if dialogue == WHOLE_DIALOGUE:
        path = PurePath(f"{session}/dialog/wav/{dialogue}.wav")
        synthesiser.write(path, np.concatenate(speech))
    ends = np.cumsum([len(samples) for samples in speech]) / SAMPLE_RATE_HZ
    starts = [0, *ends[:-1]]
    table = folder / f"{session}/dialog/EmoEvaluation/{dialogue}.txt"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(
        HEADER + "".join(map(_evaluation, turns, starts, ends)),
        newline="\r\n" if session == WINDOWS_SESSION else "\n",
    )


def _evaluation(turn: Clip, start: float, end: float) -> str:
    code, rated, _ = EVALUATIONS[turn.emotion]
    return (
        f"[{start:.4f} - {end:.4f}]\t{turn.name}\t{code}\t[2.5000, 2.5000, 2.5000]\n"
        f"C-E2:\t{rated};\t()\n"
        f"C-E3:\t{rated};\t()\n"
        f"C-E4:\t{rated};\t()\n"
        "A-E3:\tval 3; act 2; dom  3;\t()\n"
        "A-E4:\tval 2; act 3; dom  2;\t()\n"
        "\n"
    )
