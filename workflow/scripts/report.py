"""Write the report of an experiment."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.fitting.paths import model_and_fold
from serfusion.report.experiment.content import Experiment
from serfusion.report.experiment.failures import Failures
from serfusion.report.experiment.page import render

logs.start(snakemake.log[0])


def labelled(path: str) -> dict:
    model, fold = model_and_fold(path)
    return {"model": model, "fold": fold}


def by_model(paths: list[str]) -> dict[str, pd.DataFrame]:
    tables = [read_csv(path).assign(**labelled(path)) for path in paths]
    if not tables:
        return {}
    return dict(tuple(pd.concat(tables, ignore_index=True).groupby("model", sort=False)))


experiment = Experiment(
    name=snakemake.wildcards.experiment,
    study=snakemake.params.study,
    dataset=pd.read_parquet(snakemake.input.dataset),
    usable={
        Path(path).parent.name: pq.read_metadata(path).num_rows for path in snakemake.input.clips
    },
    rejected=pd.concat([read_csv(path, ["path", "reason"]) for path in snakemake.input.rejected]),
    folds=pd.read_parquet(snakemake.input.folds),
    audit=read_json(snakemake.input.audit),
    predictions=pd.read_parquet(snakemake.input.predictions),
    metrics=read_csv(snakemake.input.metrics),
    summary=read_csv(snakemake.input.summary),
    records=pd.DataFrame([labelled(path) | read_json(path) for path in snakemake.input.records]),
    curves=by_model(snakemake.input.curves),
    searches=by_model(snakemake.input.searches),
    statistics={
        name: read_csv(snakemake.input[name], words)
        for name, words in {
            "classes": ["model", "emotion"],
            "pairs": ["model", "other"],
            "floors": ["floor", "model", "corpus", "emotion", "source"],
        }.items()
    },
)
failures = Failures(
    groups=read_csv(snakemake.input.groups, ["model", "by", "group"]),
    calibration=read_csv(snakemake.input.calibration),
    mistakes=read_json(snakemake.input.mistakes),
)
write_text(render(experiment, failures), snakemake.output[0])
