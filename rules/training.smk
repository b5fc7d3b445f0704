# Named by their content: what was trained from them does not ask where they came from, nor when.
# (Snakemake does ask when a file that has gone is made again: keep data/weights/ while you need it.)
rule pretrained_weights:
    output:
        "data/weights/{weights}.pth",
    log:
        "logs/weights/{weights}.log",
    benchmark:
        "benchmarks/weights/{weights}.tsv"
    wildcard_constraints:
        weights=r"[a-z0-9_]+-[0-9a-f]{8}",
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800),
        runtime=asks(120),
    message:
        "Obtaining the weights {wildcards.weights}"
    script:
        "../workflow/scripts/pretrained_weights.py"


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
        model=one_of(permuted(MODELS)),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=100),
        runtime=asks(10, per_mb=1),
    params:
        seed=STUDY["seed"],
    message:
        "Permuting the labels of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/permuted_labels.py"


rule search:
    input:
        unpack(model_tables),
        code=search_code,
        weights=ancient(model_weights),
        dataset=training_labels,
        folds="results/{experiment}/folds.parquet",
    output:
        "results/{experiment}/{model}/fold_{fold}/search.csv",
    log:
        "logs/{experiment}/{model}/fold_{fold}.search.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.search.tsv"
    wildcard_constraints:
        model=one_of(networks(searched(MODELS))),
    conda:
        "../envs/gpu.yaml"
    threads: lambda wildcards: MODELS[wildcards.model]["training"].get("threads", 1)
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(240, per_mb=2),
    params:
        columns=model_columns,
        loop=model_loop,
        module=model_module,
        settings=lambda wildcards: MODELS[wildcards.model]["settings"],
        training=lambda wildcards: MODELS[wildcards.model]["training"],
        search=lambda wildcards: MODELS[wildcards.model]["search"],
        seed=STUDY["seed"],
    message:
        "Choosing settings of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/search.py"


use rule search as estimator_search with:
    wildcard_constraints:
        model=one_of(estimators(searched(MODELS))),
    conda:
        "../envs/cpu.yaml"
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(10, per_mb=1),


rule network:
    input:
        unpack(model_tables),
        unpack(search_table),
        code=model_code("network.py"),
        weights=ancient(model_weights),
        dataset=training_labels,
        folds="results/{experiment}/folds.parquet",
    output:
        checkpoint="results/{experiment}/{model}/fold_{fold}/model.ckpt",
        curves="results/{experiment}/{model}/fold_{fold}/curves.csv",
        answers="results/{experiment}/{model}/fold_{fold}/answers.parquet",
        record="results/{experiment}/{model}/fold_{fold}/fit.json",
    log:
        "logs/{experiment}/{model}/fold_{fold}.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.tsv"
    wildcard_constraints:
        model=one_of(networks(MODELS)),
    conda:
        "../envs/gpu.yaml"
    threads: lambda wildcards: MODELS[wildcards.model]["training"]["threads"]
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(120, per_mb=0.5),
    params:
        columns=model_columns,
        network=lambda wildcards: MODELS[wildcards.model]["network"],
        settings=lambda wildcards: MODELS[wildcards.model]["settings"],
        training=lambda wildcards: MODELS[wildcards.model]["training"],
        search=lambda wildcards: MODELS[wildcards.model]["search"],
        seed=STUDY["seed"],
    message:
        "Training {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/network.py"


rule deep_features:
    input:
        unpack(model_tables),
        code=model_code("deep_features.py"),
        dataset=experiment_dataset,
        folds="results/{experiment}/folds.parquet",
        checkpoint="results/{experiment}/{model}/fold_{fold}/model.ckpt",
    output:
        "results/{experiment}/{model}/fold_{fold}/deep.parquet",
    log:
        "logs/{experiment}/{model}/fold_{fold}.deep.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.deep.tsv"
    wildcard_constraints:
        model=one_of(networks(MODELS)),
    conda:
        "../envs/gpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(30, per_mb=0.1),
    params:
        accelerator=lambda wildcards: MODELS[wildcards.model]["training"]["accelerator"],
    message:
        "Deep features of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/deep_features.py"


rule estimator:
    input:
        unpack(model_tables),
        unpack(search_table),
        code=model_code("estimator.py"),
        dataset=training_labels,
        folds="results/{experiment}/folds.parquet",
    output:
        model="results/{experiment}/{model}/fold_{fold}/model.joblib",
        answers="results/{experiment}/{model}/fold_{fold}/answers.parquet",
        record="results/{experiment}/{model}/fold_{fold}/fit.json",
    log:
        "logs/{experiment}/{model}/fold_{fold}.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.tsv"
    wildcard_constraints:
        model=one_of(estimators(MODELS)),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(5, per_mb=0.5),
    params:
        columns=model_columns,
        estimator=lambda wildcards: MODELS[wildcards.model]["estimator"],
        settings=lambda wildcards: MODELS[wildcards.model]["settings"],
        training=lambda wildcards: MODELS[wildcards.model]["training"],
        search=lambda wildcards: MODELS[wildcards.model]["search"],
        seed=STUDY["seed"],
    message:
        "Fitting {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/estimator.py"
