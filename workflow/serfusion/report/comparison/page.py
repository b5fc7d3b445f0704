"""The page of a comparison, section by section."""

from serfusion.report.comparison import arms
from serfusion.report.comparison.results import Results
from serfusion.report.page.layout import render_page
from serfusion.report.page.protocol import caveats, folds_in_words


def render(results: Results) -> str:
    """Return the report of a comparison as one HTML page that needs nothing else."""
    baseline, *rows = results.table.to_dict("records")
    return render_page(
        "comparison",
        results.comparison.title,
        results.study,
        results=results,
        baseline=baseline,
        arms=rows,
        comparison=arms.section(results),
        caveats=caveats(*results.protocols),
        optimistic_test=_names(results, "optimistic_test"),
        optimistic_validation=_names(results, "optimistic_validation"),
        smallest_p=arms.smallest_corrected_p(results.table),
        folds_in_words=folds_in_words,
    )


def _names(results: Results, flag: str) -> list[str]:
    """Return the experiments whose audit has set a flag, such as `optimistic_test`."""
    protocols = results.protocols
    return [protocol.experiment.name for protocol in protocols if protocol.audit[flag]]
