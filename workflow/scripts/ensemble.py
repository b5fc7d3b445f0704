"""Average the probabilities of several models in one fold, and write them as predictions."""

import pandas as pd

from serfusion import logs
from serfusion.files import read_json, write_json, write_parquet
from serfusion.fitting.ensembles import average
from serfusion.fitting.paths import model_and_fold
from serfusion.fitting.predictions import emotions, fold_schema

logs.start(snakemake.log[0])
answers, temperature, record = average(
    [pd.read_parquet(path) for path in snakemake.input.answers],
    [read_json(path) for path in snakemake.input.records],
    pd.read_parquet(snakemake.input.dataset).set_index("clip")["emotion"],
)
write_parquet(answers, fold_schema(emotions(answers)), snakemake.output.answers)
members = [model_and_fold(path)[0] for path in snakemake.input.answers]
write_json({"members": members, "temperature": temperature}, snakemake.output.model)
write_json(record | {"chosen": {}}, snakemake.output.record)
