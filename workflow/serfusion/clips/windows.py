"""How much of the sound of clips the window of a feature set sees."""

import numpy as np
import pandas as pd

from serfusion.clips.audio import MIN_WINDOW_S


def seen_share(
    clips: pd.DataFrame,
    *,
    offset_s: float,
    duration_s: float | None,
    trim_db: float | None,
    frames: int | None = None,
    hop_length: int | None = None,
    sample_rate_hz: int | None = None,
    **_,
) -> pd.Series:
    """Return the share of each clip's sound that lies in the window, 0 to 1.

    Parameters
    ----------
    clips : DataFrame
        Rows of a clip table; a clip sounds from `sound_start_s` to `sound_end_s`.
    offset_s, duration_s, trim_db
        The window, as in `serfusion.clips.audio.read_windows`.
    frames, hop_length, sample_rate_hz : int or None
        The most frames that a table holds of a clip, where it is one of frames.
    """
    longest = np.inf if duration_s is None else duration_s
    if frames is not None:
        longest = min(longest, frames * hop_length / sample_rate_hz)
    start, end = clips["sound_start_s"], clips["sound_end_s"]
    first, last = (start, end) if trim_db is not None else (0 * start, clips["duration_s"])
    is_reached = last - first >= offset_s + MIN_WINDOW_S
    opens = first + offset_s * is_reached
    seen = np.minimum(opens + longest, end) - np.maximum(opens, start)
    return (seen / (end - start)).clip(0, 1)
