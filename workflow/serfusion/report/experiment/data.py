"""The corpora, the clips and the protocol of an experiment."""

import pandas as pd

from serfusion import registry
from serfusion.clips.windows import seen_share
from serfusion.report.experiment.results import Results
from serfusion.report.page.protocol import folds_in_words
from serfusion.study.facts import known_encoders

SHOWN_REJECTED = 200
"""More rejected files than these are not all listed on the page."""

LEAST_SEEN = 0.5
"""Clips are counted of whose sound a window sees less than this share."""


def section(results: Results) -> dict:
    """Return what `data.html` is filled with.

    Returns
    -------
    dict
        `corpora`, see `corpus_rows`; `encoders`, see `encoder_rows`; `clip_counts`, see
        `clip_counts`; `folds`, in words; `validation_share` (0 to 1); `augment`, the names of the
        augmentations; `without_gender`, the number of clips of speakers whose gender is not known;
        `windows`, see `window_rows`; `one_channel`, the number of clips of which one channel is
        read; `rejected`, the first
        `SHOWN_REJECTED` rejected files, each with `path` and `reason`, and `rejected_count`, the
        number of all.
    """
    return {
        "corpora": corpus_rows(results),
        "encoders": encoder_rows(results),
        "clip_counts": clip_counts(results),
        "folds": folds_in_words(results.experiment),
        "validation_share": results.experiment.validation["share"],
        "augment": results.experiment.augment,
        "without_gender": int(results.dataset["gender"].isna().sum()),
        "windows": window_rows(results),
        "one_channel": int(results.dataset["channel"].notna().sum()),
        "rejected": results.rejected.head(SHOWN_REJECTED).to_dict("records"),
        "rejected_count": len(results.rejected),
    }


def corpus_rows(results: Results) -> list[dict]:
    """Return a row per corpus.

    It has `title`, `citation`, `licence`, `clips`, `hours`, `actors`, their numbers by gender in
    words, and `rates`, the sampling rates in Hz.
    """
    rows = []
    for corpus in results.experiment.corpora:
        clips = results.dataset[results.dataset["corpus"] == corpus.name]
        actors = clips.drop_duplicates("actor")["gender"].fillna("unknown").value_counts()
        rows.append(
            {
                "title": corpus.title,
                "citation": corpus.citation or "",
                "licence": corpus.licence or "not stated",
                "clips": len(clips),
                "hours": clips["duration_s"].sum() / 3600,
                "actors": ", ".join(
                    f"{actors[gender]} {gender}" for gender in sorted(actors.index)
                ),
                "rates": sorted(clips["sample_rate_hz"].unique()),
            }
        )
    return rows


def window_rows(results: Results) -> list[dict]:
    """Return what the window of each feature set sees of the clips.

    Returns
    -------
    list of dict
        `features`, the name of the set; `window`, in words; `seen`, the share of all sound that
        lies in the window (0 to 1); `half`, the number of clips of which it sees less than half;
        `silent`, the number of those of which it sees nothing.
    """
    names = dict.fromkeys(
        name for model in results.experiment.trained for name in model.feature_sets
    )
    clips, rows = results.dataset, []
    sound = clips["sound_end_s"] - clips["sound_start_s"]
    for name in names:
        settings = results.study.features[name]
        if "offset_s" not in settings:
            continue
        share = seen_share(clips, **settings)
        rows.append(
            {
                "features": name,
                "window": _window_in_words(settings),
                "seen": float((share * sound).sum() / sound.sum()),
                "half": int((share < LEAST_SEEN).sum()),
                "silent": int((share == 0).sum()),
            }
        )
    return rows


def _window_in_words(settings: dict) -> str:
    start, length = settings["offset_s"], settings["duration_s"]
    end = "the end" if length is None else f"{start + length:g} s"
    trimmed = " of the clip without silence at its ends" if settings["trim_db"] else ""
    most = ""
    if "frames" in settings:
        frames = settings["frames"]
        seconds = frames * settings["hop_length"] / settings["sample_rate_hz"]
        most = f", at most {frames} frames ({seconds:.2g} s)"
    return f"{start:g} s to {end}{trimmed}{most}"


def encoder_rows(results: Results) -> list[dict]:
    """Return a row per feature set that a pretrained encoder computes.

    It has the `name` of the set, `title`, `citation`, `licence` and `parameters` of the encoder,
    None where they are not known, its `revision`, or the `path` of a folder of the user's, and the
    `layers` and the `precision` that the features are computed with.
    """
    rows = []
    for name, settings in results.study.features.items():
        if not registry.constant(f"features/{settings['kind']}.py", "PRETRAINED"):
            continue
        known = known_encoders().get(settings["model"])
        rows.append(
            {key: settings[key] for key in ("revision", "path", "layers", "precision")}
            | {key: getattr(known, key, None) for key in ("citation", "licence", "parameters")}
            | {"name": name, "title": known.title if known else settings["model"] or "your own"}
        )
    return rows


def clip_counts(results: Results) -> pd.DataFrame:
    """Return the number of clips of each corpus and gender (rows) in each emotion (columns).

    The last column and, where there is more than one row, the last row are totals.
    """
    dataset, corpora = results.dataset, results.study.corpora
    counts = pd.crosstab(
        [dataset["corpus"], dataset["gender"].fillna("gender unknown")], dataset["emotion"]
    )
    counts = counts.reindex([corpus.name for corpus in results.experiment.corpora], level=0)
    counts.index = counts.index.map(lambda pair: (corpora[pair[0]].title, pair[1]))
    counts["all"] = counts.sum(axis=1)
    if len(counts) > 1:
        counts.loc[("all", ""), :] = counts.sum()
    return counts.astype(int)
