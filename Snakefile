import os

from snakemake.utils import min_version

min_version("9.27")


# Run from another folder, the study is the one in that folder, or else the one beside this file.
own_study = os.path.join(str(workflow.current_basedir), "config.yaml")


configfile: "config.yaml" if os.path.exists("config.yaml") else own_study


# Used by sites that ask for Apptainer, and by no other.
container: "envs/serfusion.sif"


report: "workflow/report/workflow.rst"


include: "rules/common.smk"


rule all:
    input:
        reports,
        trained_models,
        "results/summary.html",


include: "rules/corpora.smk"
include: "rules/features.smk"
include: "rules/folds.smk"
include: "rules/training.smk"
include: "rules/evaluation.smk"
include: "rules/reporting.smk"


onstart:
    prepare_run()
