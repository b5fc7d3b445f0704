"""Write the summary of all experiments that are finished."""

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.fitting.paths import model_and_fold
from serfusion.report.summary.page import Finished, Summary, render

logs.start(snakemake.log[0])
study = snakemake.params.study
usable = {Path(path).parent.name: pq.read_metadata(path).num_rows for path in snakemake.input.clips}


def by_experiment(paths: list[str]) -> dict[str, str]:
    return {Path(path).parent.name: path for path in paths}


records = defaultdict(list)
for path in snakemake.input.records:
    model, fold = model_and_fold(path)
    records[Path(path).parents[2].name].append({"model": model, "fold": fold} | read_json(path))

summaries = by_experiment(snakemake.input.summaries)
metrics = by_experiment(snakemake.input.metrics)
audits = by_experiment(snakemake.input.audits)
finished = [
    Finished(
        name=name,
        study=study,
        usable=usable,
        audit=read_json(audits[name]),
        metrics=read_csv(metrics[name]),
        summary=read_csv(summaries[name]),
        records=pd.DataFrame(records[name]),
    )
    for name in study["experiments"]
    if name in summaries
]
pages = by_experiment(snakemake.input.pages)
summary = Summary(
    study=study,
    finished=finished,
    comparisons=[name for name in study["comparisons"] if name in pages],
    unavailable=snakemake.params.unavailable,
)
write_text(render(summary), snakemake.output[0])
