"""Score an experiment's models by group of clips, and compute their calibration."""

import pandas as pd

from serfusion import logs
from serfusion.evaluation.calibration import calibration_table
from serfusion.evaluation.groups import group_table
from serfusion.files import write_csv

logs.start(snakemake.log[0])
predictions = pd.read_parquet(snakemake.input.predictions)
dataset = pd.read_parquet(snakemake.input.dataset)
seed = snakemake.params.seed
write_csv(group_table(predictions, dataset, seed), snakemake.output.groups)
write_csv(calibration_table(predictions, seed), snakemake.output.calibration)
