rule evaluation:
    input:
        code=code("evaluate.py"),
        dataset=experiment_dataset,
        answers=lambda wildcards: fold_files(
            wildcards.experiment,
            EXPERIMENTS[wildcards.experiment]["models"],
            "answers.parquet",
        ),
        records=lambda wildcards: fold_files(
            wildcards.experiment,
            EXPERIMENTS[wildcards.experiment]["models"],
            "fit.json",
        ),
    output:
        predictions="results/{experiment}/predictions.parquet",
        metrics="results/{experiment}/metrics.csv",
        summary="results/{experiment}/summary.csv",
    log:
        "logs/{experiment}/evaluation.log",
    benchmark:
        "benchmarks/{experiment}/evaluation.tsv"
    conda:
        "../envs/cpu.yaml"
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        models=lambda wildcards: EXPERIMENTS[wildcards.experiment]["models"],
        reported_accuracy=reported_accuracy,
        seed=STUDY["seed"],
    message:
        "Evaluating {wildcards.experiment}"
    script:
        "../workflow/scripts/evaluate.py"
