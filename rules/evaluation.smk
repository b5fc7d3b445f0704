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
    params:
        reported_accuracy=reported_accuracy,
        seed=STUDY["seed"],
    log:
        "logs/{experiment}/evaluation.log",
    benchmark:
        "benchmarks/{experiment}/evaluation.tsv"
    resources:
        mem_mb=1000,
        runtime=20,
    message:
        "Evaluating {wildcards.experiment}"
    conda:
        "../envs/cpu.yaml"
    script:
        "../workflow/scripts/evaluate.py"
