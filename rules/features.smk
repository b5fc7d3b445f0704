rule features:
    input:
        code=feature_code,
        clips="results/corpora/{corpus}/clips.parquet",
    output:
        "results/features/{features}/{corpus}/{augmentation}.parquet",
    log:
        "logs/features/{features}/{corpus}/{augmentation}.log",
    benchmark:
        "benchmarks/features/{features}/{corpus}/{augmentation}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 8
    resources:
        mem_mb=asks(1000, per_thread=330, per_mb=1000),
        runtime=asks(20, per_mb=100),
    params:
        settings=lambda wildcards: STUDY.features[wildcards.features],
        transform=augmentation_transform,
    message:
        "Extracting {wildcards.features} features of {wildcards.corpus}, {wildcards.augmentation}"
    script:
        "../workflow/scripts/features.py"
