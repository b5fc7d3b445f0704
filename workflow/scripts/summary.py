"""Write the summary of all experiments that are finished."""

from pathlib import Path

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.fitting.paths import read_records
from serfusion.report.page.protocol import count_clips
from serfusion.report.summary.page import render
from serfusion.report.summary.results import Finished, Results
from serfusion.study.entries import Study

logs.start(snakemake.log[0])


def by_experiment(paths: list[str]) -> dict[str, str]:
    return {Path(path).parent.name: path for path in paths}


files = snakemake.input
study = Study.of(snakemake.params.study)
usable_clips = count_clips(files.clips)
audits, metrics = by_experiment(files.audits), by_experiment(files.metrics)
summaries, pages = by_experiment(files.summaries), by_experiment(files.pages)
adapted = by_experiment(files.adapted)

records = read_records(files.records)

finished = [
    Finished(
        experiment=experiment,
        usable_clips=usable_clips,
        audit=read_json(audits[name]),
        metrics=read_csv(metrics[name]),
        summary=read_csv(summaries[name]),
        adapted=read_csv(adapted[name], ["model", "baseline", "by_clips", "emotion"]),
        records=records[records["experiment"] == name],
    )
    for name, experiment in study.experiments.items()
    if name in summaries
]
results = Results(
    study=study,
    finished=finished,
    comparisons=[name for name in study.comparisons if name in pages],
    unavailable=snakemake.params.unavailable,
)
write_text(render(results), snakemake.output[0])
