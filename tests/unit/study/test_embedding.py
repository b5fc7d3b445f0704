"""Whether a report may pass on a corpus's audio."""

import pytest

from serfusion.errors import Refusal
from serfusion.study import resolution


def resolved(name: str, **settings) -> bool:
    config = {"corpora": {name: settings}, "datasets": {}, "experiments": {}}
    return resolution.resolve(config)["corpora"][name]["embed_audio"]


@pytest.mark.parametrize("name", ["ravdess", "crema_d", "savee", "tess", "iemocap"])
def test_peoples_speech_is_not_embedded_unless_asked_for(name):
    assert resolved(name) is False
    assert resolved(name, embed_audio=False) is False
    assert resolved(name, synthetic={}) is True


def test_synthetic_speech_is_embedded_unless_it_is_not_wanted():
    assert resolved("demo") is True
    assert resolved("demo", embed_audio=False) is False
    assert resolved("tess", synthetic={}, embed_audio=False) is False


@pytest.mark.parametrize("name", ["ravdess", "crema_d"])
def test_it_can_be_switched_on_where_the_licence_lets_it(name):
    assert resolved(name, embed_audio=True) is True


def test_a_corpus_of_your_own_is_for_you_to_say(tmp_path):
    manifest = tmp_path / "clips.csv"
    manifest.write_text("path,actor,emotion\n")
    assert resolved("mine", manifest=str(manifest)) is False
    assert resolved("mine", manifest=str(manifest), embed_audio=True) is True


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("tess", "CC BY-NC-ND 4.0"),
        ("savee", "for research, to registered users"),
        ("iemocap", "for research, to registered users"),
    ],
)
def test_it_cannot_be_switched_on_where_the_licence_forbids_it(name, licence):
    with pytest.raises(Refusal) as refusal:
        resolved(name, embed_audio=True, licence="anything goes")
    assert str(refusal.value) == (
        f"corpora.{name}.embed_audio: a report would pass the audio on, which its licence "
        f"({licence}) forbids; set it to false."
    )


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ({"mistakes": -1}, "report.mistakes: -1 is less than the minimum of 0."),
        ({"mistakes": 1000}, "report.mistakes: 1000 is greater than the maximum of 50."),
        ({"mistake": 3}, "report: unknown key 'mistake'; did you mean 'mistakes'?"),
    ],
)
def test_a_wrong_number_of_mistakes_is_refused(report, sentence):
    config = {"corpora": {}, "datasets": {}, "experiments": {}, "report": report}
    with pytest.raises(Refusal) as refusal:
        resolution.resolve(config)
    assert str(refusal.value) == sentence


def test_six_mistakes_are_shown_by_default():
    config = {"corpora": {}, "datasets": {}, "experiments": {}}
    assert resolution.resolve(config)["report"] == {"mistakes": 6}
