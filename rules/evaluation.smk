rule evaluation:
    input:
        code=code("evaluation.py"),
        dataset=experiment_dataset,
        answers=evaluated("answers.parquet"),
        records=evaluated("fit.json"),
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
        # Read by no script: models in another order stand in another order in the tables.
        rerun_on_models=lambda wildcards: [model.name for model in the_experiment(wildcards).models],
        reported_accuracy=lambda wildcards: the_experiment(wildcards).reported_accuracy,
        seed=STUDY.seed,
    message:
        "Evaluating {wildcards.experiment}"
    script:
        "../workflow/scripts/evaluation.py"


rule statistics:
    input:
        unpack(listener_votes),
        code=code("statistics.py"),
        facts=lambda wildcards: corpus_facts(the_experiment(wildcards).corpora),
        dataset=experiment_dataset,
        folds="results/{experiment}/folds.parquet",
        predictions="results/{experiment}/predictions.parquet",
    output:
        classes="results/{experiment}/classes.csv",
        pairs="results/{experiment}/pairs.csv",
        floors="results/{experiment}/floors.csv",
        adapted="results/{experiment}/adapted.csv",
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
        floors=lambda wildcards: [model.name for model in the_experiment(wildcards).floors],
        adapted=adapted_models,
        human=human_corpora,
        seed=STUDY.seed,
    message:
        "Statistics of {wildcards.experiment}"
    script:
        "../workflow/scripts/statistics.py"


rule breakdown:
    input:
        code=code("breakdown.py"),
        dataset=experiment_dataset,
        predictions="results/{experiment}/predictions.parquet",
    output:
        groups="results/{experiment}/groups.csv",
        calibration="results/{experiment}/calibration.csv",
    log:
        "logs/{experiment}/breakdown.log",
    benchmark:
        "benchmarks/{experiment}/breakdown.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        seed=STUDY.seed,
    message:
        "Breaking down the answers of {wildcards.experiment}"
    script:
        "../workflow/scripts/breakdown.py"


# No other job after `features` reads audio. It is not part of `report`, so that an edit of the page
# does not read audio again.
rule mistakes:
    input:
        code=code("mistakes.py"),
        dataset=experiment_dataset,
        predictions="results/{experiment}/predictions.parquet",
        metrics="results/{experiment}/metrics.csv",
    output:
        "results/{experiment}/mistakes.json",
    log:
        "logs/{experiment}/mistakes.log",
    benchmark:
        "benchmarks/{experiment}/mistakes.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        models=compared_models,
        shown=STUDY.report["mistakes"],
        embedded=lambda wildcards: {
            corpus.name: corpus.embed_audio for corpus in the_experiment(wildcards).corpora
        },
    message:
        "Collecting the mistakes of {wildcards.experiment}"
    script:
        "../workflow/scripts/mistakes.py"


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
        arms=lambda wildcards: [asdict(arm) for arm in the_comparison(wildcards).arms],
        seed=STUDY.seed,
    message:
        "Comparing the models of {wildcards.comparison}"
    script:
        "../workflow/scripts/comparison.py"
