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
        corpora=corpus_names,
        folds=lambda wildcards: the_experiment(wildcards).folds,
        validation=lambda wildcards: the_experiment(wildcards).validation,
        seed=STUDY.seed,
    message:
        "Drawing and auditing the folds of {wildcards.experiment}"
    script:
        "../workflow/scripts/folds.py"


rule permuted_labels:
    input:
        code=code("permuted_labels.py"),
        dataset=experiment_dataset,
        folds="results/{experiment}/folds.parquet",
    output:
        "results/{experiment}/{model}/fold_{fold}/labels.parquet",
    log:
        "logs/{experiment}/{model}/fold_{fold}.labels.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.labels.tsv"
    wildcard_constraints:
        model=models_that(lambda model: model.is_floor),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=100),
        runtime=asks(10, per_mb=1),
    params:
        seed=STUDY.seed,
    message:
        "Permuting the labels of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/permuted_labels.py"
