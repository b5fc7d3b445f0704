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
        seed=STUDY["seed"],
    message:
        "Breaking down the answers of {wildcards.experiment}"
    script:
        "../workflow/scripts/breakdown.py"


# The one job after features that reads audio: apart from the page, so that an edit of that does not.
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
        shown=STUDY["report"]["mistakes"],
        embedded=lambda wildcards: {
            corpus: CORPORA[corpus]["embed_audio"] for corpus in experiment_corpora(wildcards)
        },
    message:
        "Collecting the mistakes of {wildcards.experiment}"
    script:
        "../workflow/scripts/mistakes.py"
