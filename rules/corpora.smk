# What is fetched is vouched for by its checksum, not by the code that fetches it: no code among
# the inputs, so that a better downloader does not train the study again.
rule downloaded_corpus:
    output:
        directory("data/corpora/{corpus}"),
    log:
        "logs/corpora/{corpus}/download.log",
    benchmark:
        "benchmarks/corpora/{corpus}/download.tsv"
    wildcard_constraints:
        corpus=one_of(name for name, corpus in CORPORA.items() if corpus.is_downloaded),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800),
        runtime=asks(1440),
    params:
        # Read by no script: another identity, wherever it is fetched from, is downloaded anew.
        rerun_on_identity=lambda wildcards: the_corpus(wildcards).identity,
    message:
        "Downloading {wildcards.corpus}"
    script:
        "../workflow/scripts/downloaded_corpus.py"


rule synthetic_corpus:
    input:
        code=synthesis_code,
    output:
        directory("data/synthetic/{corpus}"),
    log:
        "logs/corpora/{corpus}/synthesise.log",
    benchmark:
        "benchmarks/corpora/{corpus}/synthesise.tsv"
    wildcard_constraints:
        corpus=one_of(name for name, corpus in CORPORA.items() if corpus.is_synthetic),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800),
        runtime=asks(120),
    params:
        seed=STUDY.seed,
        kind=lambda wildcards: the_corpus(wildcards).kind,
        settings=lambda wildcards: the_corpus(wildcards).synthesis,
    message:
        "Synthesising {wildcards.corpus}"
    script:
        "../workflow/scripts/synthetic_corpus.py"


rule clips:
    input:
        code=corpus_code,
        corpus=corpus_files,
    output:
        clips="results/corpora/{corpus}/clips.parquet",
        rejected="results/corpora/{corpus}/rejected.csv",
        fingerprints="results/corpora/{corpus}/fingerprints.parquet",
    log:
        "logs/corpora/{corpus}/index.log",
    benchmark:
        "benchmarks/corpora/{corpus}/index.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 8
    resources:
        mem_mb=asks(500, per_thread=130, per_mb=0.1),
        runtime=asks(60, per_mb=0.05),
    params:
        kind=lambda wildcards: the_corpus(wildcards).kind,
        root=corpus_root,
        label_map=lambda wildcards: the_corpus(wildcards).settings.get("label_map", {}),
    message:
        "Indexing {wildcards.corpus}"
    script:
        "../workflow/scripts/clips.py"


rule dataset:
    input:
        code=code("dataset.py"),
        clips=dataset_tables("clips.parquet"),
        fingerprints=dataset_tables("fingerprints.parquet"),
    output:
        clips="results/datasets/{dataset}.parquet",
        rejected="results/datasets/{dataset}.rejected.csv",
    log:
        "logs/datasets/{dataset}.log",
    benchmark:
        "benchmarks/datasets/{dataset}.tsv"
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(700, per_mb=15),
        runtime=asks(10, per_mb=1),
    params:
        merge=lambda wildcards: the_dataset(wildcards).merge,
        keep=lambda wildcards: the_dataset(wildcards).keep,
        drop=lambda wildcards: the_dataset(wildcards).drop,
        missing_emotions=lambda wildcards: the_dataset(wildcards).missing_emotions,
        manifests=lambda wildcards: the_dataset(wildcards).manifests,
        shared_actors=lambda wildcards: the_dataset(wildcards).shared_actors,
    message:
        "Combining the corpora of {wildcards.dataset}"
    script:
        "../workflow/scripts/dataset.py"
