rule evaluation:
    input:
        code=code("evaluation.py"),
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
        metrics=report(
            "results/{experiment}/metrics.csv",
            caption="../workflow/report/metrics.rst",
            category="Experiments",
            subcategory="{experiment}",
            labels={"shows": "every fold, as a table"},
        ),
        summary=report(
            "results/{experiment}/summary.csv",
            caption="../workflow/report/models.rst",
            category="Experiments",
            subcategory="{experiment}",
            labels={"shows": "every model, as a table"},
        ),
    log:
        "logs/{experiment}/evaluation.log",
    benchmark:
        "benchmarks/{experiment}/evaluation.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        models=lambda wildcards: EXPERIMENTS[wildcards.experiment]["models"],
        reported_accuracy=reported_accuracy,
        seed=STUDY["seed"],
    message:
        "Evaluating {wildcards.experiment}"
    script:
        "../workflow/scripts/evaluation.py"


rule statistics:
    input:
        unpack(listener_votes),
        code=code("statistics.py"),
        dataset=experiment_dataset,
        folds="results/{experiment}/folds.parquet",
        predictions="results/{experiment}/predictions.parquet",
    output:
        classes="results/{experiment}/classes.csv",
        pairs="results/{experiment}/pairs.csv",
        floors="results/{experiment}/floors.csv",
    log:
        "logs/{experiment}/statistics.log",
    benchmark:
        "benchmarks/{experiment}/statistics.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        compared=compared_models,
        listened=listened_corpora,
        voted=voted_corpora,
        seed=STUDY["seed"],
    message:
        "Statistics of {wildcards.experiment}"
    script:
        "../workflow/scripts/statistics.py"


rule comparison:
    input:
        code=code("comparison.py"),
        predictions=compared_tables("predictions.parquet"),
    output:
        report(
            "results/{comparison}/comparison.csv",
            caption="../workflow/report/comparison_table.rst",
            category="Comparisons",
            subcategory="{comparison}",
            labels={"shows": "every arm, as a table"},
        ),
    log:
        "logs/{comparison}/comparison.log",
    benchmark:
        "benchmarks/{comparison}/comparison.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        arms=lambda wildcards: study.arms(COMPARISONS[wildcards.comparison]),
        seed=STUDY["seed"],
    message:
        "Comparing the models of {wildcards.comparison}"
    script:
        "../workflow/scripts/comparison.py"
