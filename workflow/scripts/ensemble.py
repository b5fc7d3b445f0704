"""Average the probabilities of several models in one fold, and write them as predictions."""

import pandas as pd

from serfusion import logs
from serfusion.files import read_json, write_json, write_parquet
from serfusion.fitting.ensembles import average
from serfusion.fitting.predictions import emotions, fold_schema

logs.start(snakemake.log[0])
answers, record = average(
    [pd.read_parquet(path) for path in snakemake.input.answers],
    [read_json(path) for path in snakemake.input.records],
    pd.read_parquet(snakemake.input.dataset).set_index("clip")["emotion"],
)
write_parquet(answers, fold_schema(emotions(answers)), snakemake.output.answers)
write_json(record, snakemake.output.record)
