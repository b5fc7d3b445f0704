rule features:
    input:
        code=feature_code,
        clips="results/corpora/{corpus}/clips.parquet",
    output:
        "results/features/{features}/{corpus}/{augmentation}.parquet",
    params:
        settings=lambda wildcards: STUDY["features"][wildcards.features],
        change=augmentation_change,
    log:
        "logs/features/{features}/{corpus}/{augmentation}.log",
    benchmark:
        "benchmarks/features/{features}/{corpus}/{augmentation}.tsv"
    threads: 8
    resources:
        mem_mb=2000,
        runtime=60,
    message:
        "Extracting {wildcards.features} features of {wildcards.corpus}, {wildcards.augmentation}"
    conda:
        "../envs/cpu.yaml"
    script:
        "../workflow/scripts/extract.py"
