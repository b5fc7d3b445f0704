"""eGeMAPS, ComParE and other functionals by openSMILE: the baselines of the field.

openSMILE is free for research, education and private use, and not for commercial use. It is not
installed with serfusion.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from serfusion.errors import Refusal

SETTINGS = {
    "sample_rate_hz": {"$ref": "#/$defs/sample_rate_hz", "default": 16000},
    "offset_s": {"$ref": "#/$defs/offset_s", "default": 0},
    "duration_s": {"$ref": "#/$defs/duration_s", "default": None},
    "trim_db": {"$ref": "#/$defs/trim_db"},
    "set": {
        "enum": ["eGeMAPSv02", "GeMAPSv01b", "ComParE_2016", "emobase"],
        "default": "eGeMAPSv02",
        "description": (
            "The set of features: eGeMAPSv02 has 88 (Eyben et al. 2016), ComParE_2016 6,373 "
            "(Schuller et al. 2016)."
        ),
    },
}

INSTALLATION = "pip install opensmile"


def names(**settings) -> list[str]:
    """Return openSMILE's names of the columns.

    Raises
    ------
    Refusal
        If openSMILE is not installed.
    """
    return list(_smile(settings["set"]).feature_names)


def extract(clip, load: Callable[[], np.ndarray], **settings) -> np.ndarray:
    """Return the functionals of one clip, float32, in the order of `names`."""
    smile = _smile(settings["set"])
    return smile.process_signal(load(), settings["sample_rate_hz"]).to_numpy(np.float32)[0]


@cache
def _smile(name: str):
    try:
        import opensmile
    except ImportError as error:
        raise Refusal(
            "Features of kind opensmile need openSMILE, whose licence forbids commercial use and "
            f"which is not installed with serfusion: {INSTALLATION}, if the licence allows it."
        ) from error
    return opensmile.Smile(opensmile.FeatureSet[name], opensmile.FeatureLevel.Functionals)
