"""Put the answers of all models and folds together and score them."""

import pandas as pd

from serfusion import logs
from serfusion.clips.dataset import classes
from serfusion.evaluation.metrics import metric_table
from serfusion.evaluation.model_summary import collect, prediction_schema, summarise
from serfusion.files import read_json, write_csv, write_parquet
from serfusion.fitting.paths import model_and_fold

logs.start(snakemake.log[0])
dataset = pd.read_parquet(snakemake.input.dataset)
names = classes(dataset)
answers = collect(
    [(*model_and_fold(path), pd.read_parquet(path)) for path in snakemake.input.answers],
    dataset,
)
metrics = metric_table(answers, names)
records = pd.DataFrame(
    [
        {"model": model_and_fold(path)[0], "parameters": read_json(path)["parameters"]}
        for path in snakemake.input.records
    ]
)
summary = summarise(
    answers,
    metrics,
    names,
    parameters=records.groupby("model")["parameters"].mean().to_dict(),
    reported_accuracy=snakemake.params.reported_accuracy,
    seed=snakemake.params.seed,
)
write_parquet(
    answers[answers["role"] == "test"],
    prediction_schema(names),
    snakemake.output.predictions,
)
write_csv(metrics, snakemake.output.metrics)
write_csv(summary, snakemake.output.summary)
