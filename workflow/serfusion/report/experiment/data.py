"""The corpora, the clips and the protocol of an experiment."""

import pandas as pd

from serfusion.report.experiment.results import Results
from serfusion.report.page.protocol import folds_in_words

SHOWN_REJECTED = 200
"""More rejected files than these are not all listed on the page."""


def section(results: Results) -> dict:
    """Return what `data.html` is filled with.

    Returns
    -------
    dict
        `corpora`, see `corpus_rows`; `clip_counts`, see `clip_counts`; `folds`, in words;
        `validation_share` (0 to 1); `augment`, the names of the augmentations; `without_gender`,
        the number of clips of speakers whose gender is not known; `rejected`, the first
        `SHOWN_REJECTED` rejected files, each with `path` and `reason`, and `rejected_count`, the
        number of all.
    """
    return {
        "corpora": corpus_rows(results),
        "clip_counts": clip_counts(results),
        "folds": folds_in_words(results.experiment),
        "validation_share": results.experiment.validation["share"],
        "augment": results.experiment.augment,
        "without_gender": int(results.dataset["gender"].isna().sum()),
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
