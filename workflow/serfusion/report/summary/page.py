"""The page of the whole study, section by section."""

from serfusion.report.page.layout import render_page
from serfusion.report.summary import datasets, figures, inflation, reports
from serfusion.report.summary.models import model_table
from serfusion.report.summary.results import Results


def render(results: Results) -> str:
    """Return the summary as one HTML page that needs nothing else."""
    table = model_table(results)
    costs = {"Training time": "seconds", "Model size": "parameters"} if len(table) else {}
    return render_page(
        "summary",
        "All experiments",
        None,
        results=results,
        datasets=datasets.section(results, table),
        costs=[(title, figures.cost(table, by).to_dict()) for title, by in costs.items()],
        inflation=inflation.section(table, results.study.experiments),
        unfinished=reports.unfinished(results),
    )
