rule report:
    input:
        code=code("report.py"),
        page=page_files("experiment"),
        facts=experiment_facts,
        dataset=experiment_dataset,
        clips=index_tables("clips.parquet"),
        rejected=rejected_files,
        audit="results/{experiment}/audit.json",
        predictions="results/{experiment}/predictions.parquet",
        metrics="results/{experiment}/metrics.csv",
        summary="results/{experiment}/summary.csv",
        classes="results/{experiment}/classes.csv",
        pairs="results/{experiment}/pairs.csv",
        floors="results/{experiment}/floors.csv",
        adapted="results/{experiment}/adapted.csv",
        groups="results/{experiment}/groups.csv",
        calibration="results/{experiment}/calibration.csv",
        mistakes="results/{experiment}/mistakes.json",
        records=trained("fit.json"),
        curves=trained("curves.csv", is_network),
        searches=trained("search.csv", is_searched),
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
        study=lambda wildcards: STUDY.about([wildcards.experiment]),
    message:
        "Writing the report of {wildcards.experiment}"
    script:
        "../workflow/scripts/report.py"


rule comparison_report:
    input:
        code=code("comparison_report.py"),
        page=page_files("comparison"),
        facts=lambda wildcards: corpus_facts(compared_corpora(wildcards)),
        clips=lambda wildcards: corpus_tables("clips.parquet", compared_corpora(wildcards)),
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
        study=lambda wildcards: STUDY.about(
            the_comparison(wildcards).experiments, [wildcards.comparison]
        ),
    message:
        "Writing the report of {wildcards.comparison}"
    script:
        "../workflow/scripts/comparison_report.py"


rule summary:
    input:
        unpack(summary_files),
        code=code("summary.py"),
        facts=lambda wildcards: corpus_facts(CORPORA.values()),
        page=page_files("summary"),
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
        study=STUDY.outline,
        unavailable=STUDY.impossible_experiments,
    message:
        "Writing the summary"
    script:
        "../workflow/scripts/summary.py"
