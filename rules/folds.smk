rule folds:
    input:
        code=code("split.py"),
        dataset=experiment_dataset,
    output:
        folds="results/{experiment}/folds.parquet",
        audit="results/{experiment}/audit.json",
    params:
        corpora=experiment_corpora,
        folds=lambda wildcards: EXPERIMENTS[wildcards.experiment]["folds"],
        validation=lambda wildcards: EXPERIMENTS[wildcards.experiment]["validation"],
        seed=STUDY["seed"],
    log:
        "logs/{experiment}/folds.log",
    benchmark:
        "benchmarks/{experiment}/folds.tsv"
    resources:
        mem_mb=500,
        runtime=10,
    message:
        "Drawing and auditing the folds of {wildcards.experiment}"
    conda:
        "../envs/cpu.yaml"
    script:
        "../workflow/scripts/split.py"
