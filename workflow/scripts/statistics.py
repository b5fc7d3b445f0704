"""Score an experiment by emotion, compare its models in pairs, and compute the floors."""

import pandas as pd

from serfusion import logs
from serfusion.clips.dataset import classes
from serfusion.evaluation import people
from serfusion.evaluation.adapted import adapted_table
from serfusion.evaluation.by_class import class_table
from serfusion.evaluation.floors import floor_table
from serfusion.evaluation.pairs import pair_table
from serfusion.files import write_csv

logs.start(snakemake.log[0])
params = snakemake.params
votes = {
    name.removeprefix("votes_"): path
    for name, path in snakemake.input.items()
    if name.startswith("votes_")
}
dataset = pd.read_parquet(snakemake.input.dataset)
predictions = pd.read_parquet(snakemake.input.predictions)
emotions = classes(dataset)
write_csv(class_table(predictions, emotions, params.seed), snakemake.output.classes)
write_csv(pair_table(predictions, params.compared, emotions, params.seed), snakemake.output.pairs)
adapted = adapted_table(predictions, params.adapted, params.seed)
write_csv(adapted, snakemake.output.adapted)
floors = floor_table(
    dataset,
    pd.read_parquet(snakemake.input.folds),
    predictions[predictions["model"].isin(params.floors)],
    people.recognition(params.human, votes, emotions),
    emotions,
    params.seed,
)
write_csv(floors, snakemake.output.floors)
