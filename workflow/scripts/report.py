"""Write the report of an experiment."""

import pandas as pd

from serfusion import logs
from serfusion.files import read_csv, read_json, write_text
from serfusion.fitting.paths import model_and_fold, read_records
from serfusion.report.experiment.page import render
from serfusion.report.experiment.results import Results
from serfusion.report.page.protocol import count_clips
from serfusion.study.entries import Study

logs.start(snakemake.log[0])


def tables_by_model(paths: list[str]) -> dict[str, pd.DataFrame]:
    tables = []
    for path in paths:
        model, fold = model_and_fold(path)
        tables.append(read_csv(path).assign(model=model, fold=fold))
    if not tables:
        return {}
    return dict(tuple(pd.concat(tables, ignore_index=True).groupby("model", sort=False)))


files = snakemake.input
study = Study.of(snakemake.params.study)
results = Results(
    experiment=study.experiments[snakemake.wildcards.experiment],
    usable_clips=count_clips(files.clips),
    audit=read_json(files.audit),
    study=study,
    dataset=pd.read_parquet(files.dataset),
    rejected=pd.concat([read_csv(path, ["path", "reason"]) for path in files.rejected]),
    predictions=pd.read_parquet(files.predictions),
    metrics=read_csv(files.metrics),
    summary=read_csv(files.summary),
    classes=read_csv(files.classes, ["model", "emotion"]),
    pairs=read_csv(files.pairs, ["model", "other"]),
    floors=read_csv(files.floors, ["floor", "model", "corpus", "emotion", "source"]),
    adapted=read_csv(files.adapted, ["model", "baseline", "by_clips", "emotion"]),
    groups=read_csv(files.groups, ["model", "by", "group"]),
    calibration=read_csv(files.calibration),
    mistakes=read_json(files.mistakes),
    records=read_records(files.records),
    curves=tables_by_model(files.curves),
    searches=tables_by_model(files.searches),
)
write_text(render(results), snakemake.output[0])
