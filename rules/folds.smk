rule folds:
    input:
        code=code("folds.py"),
        dataset=experiment_dataset,
    output:
        folds="results/{experiment}/folds.parquet",
        audit="results/{experiment}/audit.json",
    log:
        "logs/{experiment}/folds.log",
    benchmark:
        "benchmarks/{experiment}/folds.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=100),
        runtime=asks(10, per_mb=1),
    params:
        corpora=experiment_corpora,
        folds=experiment_folds,
        validation=lambda wildcards: EXPERIMENTS[wildcards.experiment]["validation"],
        seed=STUDY["seed"],
    message:
        "Drawing and auditing the folds of {wildcards.experiment}"
    script:
        "../workflow/scripts/folds.py"
