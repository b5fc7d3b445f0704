"""Functionals by openSMILE, where it is installed."""

import sys
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from serfusion.errors import Refusal
from serfusion.extraction.feature_table import feature_table
from serfusion.features import opensmile
from speech import voice

SETTINGS = {"sample_rate_hz": 16000, "offset_s": 0, "duration_s": None, "trim_db": None}

needs_opensmile = pytest.mark.skipif(
    find_spec("opensmile") is None, reason="openSMILE, an optional extra, is not installed"
)


@needs_opensmile
@pytest.mark.parametrize(("name", "count"), [("eGeMAPSv02", 88), ("ComParE_2016", 6373)])
def test_functionals_are_opensmiles(write_clip, name, count):
    import opensmile as library

    path = write_clip("clip.wav", voice(1.5, 16000))
    clips = pd.DataFrame({"clip": ["made/clip"], "path": [str(path)]})
    clips = clips.assign(start_s=None, end_s=None, channel=None)
    made = {"augmentation": "original", "transform": None, "workers": 1}
    table = feature_table(clips, opensmile, SETTINGS | {"set": name}, **made)
    smile = library.Smile(library.FeatureSet[name], library.FeatureLevel.Functionals)
    expected = smile.process_file(str(path))
    assert table.schema.names[2:] == expected.columns.tolist()
    assert len(expected.columns) == count
    row = np.array([column[0].as_py() for column in table.columns[2:]])
    np.testing.assert_allclose(row, expected.to_numpy()[0], rtol=1e-5, atol=1e-6)


@needs_opensmile
def test_every_set_of_the_settings_is_one_of_opensmiles():
    for name in opensmile.SETTINGS["set"]["enum"]:
        assert len(opensmile.names(**SETTINGS | {"set": name})) > 50


def test_where_it_is_missing_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "opensmile", None)
    opensmile._smile.cache_clear()
    sentence = "forbids commercial use and which is not installed .*: pip install opensmile, if"
    with pytest.raises(Refusal, match=sentence):
        opensmile.names(**SETTINGS | {"set": "eGeMAPSv02"})
