"""Collect the predictions of all models and folds of an experiment, and score them."""

import pandas as pd

from serfusion import logs
from serfusion.clips.dataset import classes
from serfusion.evaluation.metrics import metric_table
from serfusion.evaluation.model_summary import summary_table
from serfusion.evaluation.prediction_table import prediction_schema, prediction_table
from serfusion.files import write_csv, write_parquet
from serfusion.fitting.paths import model_and_fold, read_records

logs.start(snakemake.log[0])
dataset = pd.read_parquet(snakemake.input.dataset)
emotions = classes(dataset)
predictions = prediction_table(
    [(*model_and_fold(path), pd.read_parquet(path)) for path in snakemake.input.answers],
    dataset,
)
metrics = metric_table(predictions, emotions)
records = read_records(snakemake.input.records)
summary = summary_table(
    predictions,
    metrics,
    emotions,
    parameters=records.groupby("model")["parameters"].mean().to_dict(),
    reported_accuracy=snakemake.params.reported_accuracy,
    seed=snakemake.params.seed,
)
write_parquet(
    predictions[predictions["role"] == "test"],
    prediction_schema(emotions),
    snakemake.output.predictions,
)
write_csv(metrics, snakemake.output.metrics)
write_csv(summary, snakemake.output.summary)
