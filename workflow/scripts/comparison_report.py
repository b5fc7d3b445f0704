"""Write the report of a comparison."""

from pathlib import Path

import pyarrow.parquet as pq

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.report.comparison.page import Comparison, render
from serfusion.report.experiment.content import Protocol

logs.start(snakemake.log[0])
study = snakemake.params.study
usable = {Path(path).parent.name: pq.read_metadata(path).num_rows for path in snakemake.input.clips}
comparison = Comparison(
    name=snakemake.wildcards.comparison,
    study=study,
    table=read_csv(snakemake.input.table, ["question", "label", "experiment", "model"]),
    protocols=[
        Protocol(name=Path(path).parent.name, study=study, usable=usable, audit=read_json(path))
        for path in snakemake.input.audits
    ],
)
write_text(render(comparison), snakemake.output[0])
