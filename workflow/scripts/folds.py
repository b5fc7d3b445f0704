"""Draw the folds of an experiment and prove that they do not leak."""

import pandas as pd

from serfusion import logs
from serfusion.files import write_json, write_parquet
from serfusion.protocol.audit import audit
from serfusion.protocol.folds import SCHEMA, split

logs.start(snakemake.log[0])
validation = snakemake.params.validation
dataset = pd.read_parquet(snakemake.input.dataset)
folds = split(
    dataset,
    snakemake.params.corpora,
    snakemake.params.folds,
    validation,
    snakemake.params.seed,
)
audited = audit(
    dataset, folds, folds_by=snakemake.params.folds["by"], validation_by=validation["by"]
)
write_parquet(folds, SCHEMA, snakemake.output.folds)
write_json(audited, snakemake.output.audit)
