"""Write the report of a comparison."""

from pathlib import Path

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.report.comparison.page import render
from serfusion.report.comparison.results import Results
from serfusion.report.page.protocol import Protocol, count_clips
from serfusion.study.entries import Study

logs.start(snakemake.log[0])
study = Study.of(snakemake.params.study)
usable_clips = count_clips(snakemake.input.clips)
protocols = [
    Protocol(study.experiments[Path(path).parent.name], usable_clips, read_json(path))
    for path in snakemake.input.audits
]
results = Results(
    comparison=study.comparisons[snakemake.wildcards.comparison],
    study=study,
    table=read_csv(snakemake.input.table, ["question", "label", "experiment", "model"]),
    protocols=protocols,
)
write_text(render(results), snakemake.output[0])
