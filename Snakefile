from snakemake.utils import min_version

min_version("9.0")


configfile: "config.yaml"


# Used by sites that ask for Apptainer, and by no other.
container: "envs/serfusion.sif"


report: "workflow/report/workflow.rst"


include: "rules/common.smk"
include: "rules/corpora.smk"
include: "rules/features.smk"
include: "rules/folds.smk"
include: "rules/training.smk"
include: "rules/evaluation.smk"
include: "rules/failures.smk"
include: "rules/reporting.smk"


# Snakemake takes a target for finished although a killed job has left a gap behind it. Marked as
# incomplete from the start, and without a record of what it once was made from, what this run is
# going to make is made by the next one if not by this.
onstart:
    due = list(workflow.dag.needrun_jobs())
    refuse_impossible_folds(due)
    take_up_killed_run(due)
    for job in due:
        workflow.persistence.cleanup(job)
        workflow.persistence.started(job)


rule all:
    default_target: True
    input:
        reports,
        trained_networks,
        "results/summary.html",
