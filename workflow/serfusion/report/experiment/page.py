"""The page of an experiment, section by section."""

from serfusion.report.experiment import (
    adapted,
    audit,
    confusion,
    curves,
    data,
    emotions_and_pairs,
    failures,
    findings,
    folds,
    samples,
    scores,
    search,
)
from serfusion.report.experiment.results import Results
from serfusion.report.page.layout import render_page
from serfusion.report.page.protocol import caveats
from serfusion.report.page.provenance import package_versions


def render(results: Results) -> str:
    """Return the report of an experiment as one HTML page that needs nothing else."""
    return render_page(
        "experiment",
        results.experiment.title,
        results.study,
        results=results,
        caveats=caveats(results),
        findings=findings.section(results),
        scores=scores.section(results),
        emotions_and_pairs=emotions_and_pairs.section(results),
        adapted=adapted.section(results),
        data=data.section(results),
        confusion=confusion.section(results),
        failures=failures.section(results),
        folds=folds.section(results),
        curves=curves.section(results),
        search=search.section(results),
        audit=audit.section(results),
        samples=samples.section(results),
        versions=package_versions(results.records),
    )
