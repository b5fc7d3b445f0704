"""Which experiments and comparisons have no report yet."""

from serfusion.report.summary.results import Results


def unfinished(results: Results) -> list[dict]:
    """Return every experiment and comparison without a report: `name`, `title` and `how_to_get`.

    `how_to_get` says how to get a corpus that is not available; None if nothing is missing.
    """
    study = results.study
    needs = {name: how for how, names in results.unavailable.items() for name in names}
    done = {finished.experiment.name for finished in results.finished} | set(results.comparisons)
    return [
        {"name": entry.name, "title": entry.title, "how_to_get": needs.get(entry.name)}
        for entry in (*study.experiments.values(), *study.comparisons.values())
        if entry.name not in done
    ]
