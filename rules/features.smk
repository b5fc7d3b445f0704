rule features:
    input:
        code=feature_code("features.py"),
        clips="results/corpora/{corpus}/clips.parquet",
    output:
        "results/features/{features}/{corpus}/{augmentation}.parquet",
    log:
        "logs/features/{features}/{corpus}/{augmentation}.log",
    benchmark:
        "benchmarks/features/{features}/{corpus}/{augmentation}.tsv"
    wildcard_constraints:
        features=feature_sets_that(lambda features: not is_pretrained(features)),
    conda:
        "../envs/cpu.yaml"
    threads: 8
    resources:
        mem_mb=asks(1000, per_thread=330, per_mb=1000),
        runtime=asks(20, per_mb=100),
    params:
        settings=the_features,
        transform=augmentation_transform,
    message:
        "Extracting {wildcards.features} features of {wildcards.corpus}, {wildcards.augmentation}"
    script:
        "../workflow/scripts/features.py"


# Named by model and revision, and vouched for by the hub's checksums: no code among the inputs.
rule encoder_weights:
    output:
        directory("data/weights/{encoder}"),
    log:
        "logs/weights/{encoder}.log",
    benchmark:
        "benchmarks/weights/{encoder}.tsv"
    wildcard_constraints:
        encoder=one_of(map(re.escape, published_encoders())),
    conda:
        "../envs/gpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(2000),
        runtime=asks(240),
    message:
        "Obtaining the encoder {wildcards.encoder}"
    script:
        "../workflow/scripts/encoder_weights.py"


rule encoder_features:
    input:
        code=feature_code("encoder_features.py"),
        clips="results/corpora/{corpus}/clips.parquet",
        weights=lambda wildcards: encoder_files(wildcards.features),
    output:
        "results/features/{features}/{corpus}/{augmentation}.parquet",
    log:
        "logs/features/{features}/{corpus}/{augmentation}.log",
    benchmark:
        "benchmarks/features/{features}/{corpus}/{augmentation}.tsv"
    wildcard_constraints:
        features=feature_sets_that(is_pretrained),
    conda:
        "../envs/gpu.yaml"
    threads: lambda wildcards: the_features(wildcards)["threads"]
    resources:
        mem_mb=asks(4000, per_thread=500),
        runtime=asks(60, per_mb=600),
    params:
        settings=encoder_settings,
        transform=augmentation_transform,
    message:
        "Computing {wildcards.features} of {wildcards.corpus}, {wildcards.augmentation}"
    script:
        "../workflow/scripts/encoder_features.py"
