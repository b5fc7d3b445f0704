"""The built-in demo corpus: SYNTHETIC speech by eSpeak NG, in RAVDESS's folders and names.

It shows that the study runs; it says nothing about people. Speakers are voice variants, emotions
are settings of rate, pitch, range, volume and pauses, and each repetition varies, so that the
task is neither trivial nor hopeless. Odd actor numbers have male voices, as in RAVDESS.
"""

from serfusion.corpora import ravdess

SETTINGS = {
    "speakers": {
        "type": "integer",
        "minimum": 2,
        "maximum": 12,
        "default": 8,
        "description": "Number of synthetic speakers, alternately male and female.",
    },
}

TABLES = ()
SOURCE = {"kind": "synthesis"}

files = ravdess.files
labels = ravdess.labels
