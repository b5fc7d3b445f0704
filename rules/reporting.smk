rule report:
    input:
        code=code("report.py"),
        page=report_assets(
            "experiment/template.html",
            "experiment/findings.html",
            "experiment/statistics.html",
            "experiment/failures.html",
        ),
        dataset=experiment_dataset,
        clips=index_tables("clips.parquet"),
        rejected=index_tables("rejected.csv"),
        folds="results/{experiment}/folds.parquet",
        audit="results/{experiment}/audit.json",
        predictions="results/{experiment}/predictions.parquet",
        metrics="results/{experiment}/metrics.csv",
        summary="results/{experiment}/summary.csv",
        classes="results/{experiment}/classes.csv",
        pairs="results/{experiment}/pairs.csv",
        floors="results/{experiment}/floors.csv",
        groups="results/{experiment}/groups.csv",
        calibration="results/{experiment}/calibration.csv",
        mistakes="results/{experiment}/mistakes.json",
        records=lambda wildcards: fold_files(
            wildcards.experiment, trained_models(wildcards.experiment), "fit.json"
        ),
        curves=lambda wildcards: fold_files(
            wildcards.experiment,
            networks(trained_models(wildcards.experiment)),
            "curves.csv",
        ),
        searches=lambda wildcards: fold_files(
            wildcards.experiment,
            searched(trained_models(wildcards.experiment)),
            "search.csv",
        ),
    output:
        report(
            "results/{experiment}/report.html",
            caption="../workflow/report/experiment.rst",
            category="Experiments",
            subcategory="{experiment}",
            labels={"shows": "the report"},
        ),
    log:
        "logs/{experiment}/report.log",
    benchmark:
        "benchmarks/{experiment}/report.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        study=described_experiment,
    message:
        "Writing the report of {wildcards.experiment}"
    script:
        "../workflow/scripts/report.py"


rule comparison_report:
    input:
        code=code("comparison_report.py"),
        page=report_assets("comparison/comparison.html"),
        clips=compared_clips,
        audits=compared_tables("audit.json"),
        table="results/{comparison}/comparison.csv",
    output:
        report(
            "results/{comparison}/report.html",
            caption="../workflow/report/comparison.rst",
            category="Comparisons",
            subcategory="{comparison}",
            labels={"shows": "the report"},
        ),
    log:
        "logs/{comparison}/report.log",
    benchmark:
        "benchmarks/{comparison}/report.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        study=described_comparison,
    message:
        "Writing the report of {wildcards.comparison}"
    script:
        "../workflow/scripts/comparison_report.py"


rule summary:
    input:
        unpack(summary_files),
        code=code("summary.py"),
        page=report_assets("summary/summary.html"),
    output:
        report(
            "results/summary.html",
            caption="../workflow/report/summary.rst",
            category="Summary",
            labels={"shows": "all experiments"},
        ),
    log:
        "logs/summary.log",
    benchmark:
        "benchmarks/summary.tsv"
    # Where Snakemake runs, which is where it has seen what is finished.
    localrule: True
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(30, per_mb=1),
    params:
        study=summary_words,
        unavailable=impossible_experiments(),
    message:
        "Writing the summary"
    script:
        "../workflow/scripts/summary.py"
