# The file is named by its content, so changing the download source never triggers retraining.
# (Making a file that was deleted does: keep data/weights/ while you need it.)
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


rule search:
    input:
        unpack(model_tables),
        code=search_code,
        weights=model_weights,
        dataset=training_labels,
        folds="results/{experiment}/folds.parquet",
    output:
        "results/{experiment}/{model}/fold_{fold}/search.csv",
    log:
        "logs/{experiment}/{model}/fold_{fold}.search.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.search.tsv"
    wildcard_constraints:
        model=models_that(lambda model: is_network(model) and is_searched(model)),
    conda:
        "../envs/gpu.yaml"
    threads: lambda wildcards: the_model(wildcards).training.get("threads", 1)
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(240, per_mb=2),
    params:
        # Read by no script: fused feature sets in another order are other columns.
        rerun_on_columns=model_columns,
        reading=model_reading,
        loop=lambda wildcards: the_model(wildcards).loop,
        module=lambda wildcards: the_model(wildcards).module,
        settings=model_settings,
        training=lambda wildcards: the_model(wildcards).training,
        search=lambda wildcards: the_model(wildcards).search,
        adapt=lambda wildcards: the_model(wildcards).adapt,
        seed=STUDY.seed,
    message:
        "Choosing settings of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/search.py"


use rule search as estimator_search with:
    wildcard_constraints:
        model=models_that(lambda model: is_estimator(model) and is_searched(model)),
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
        weights=model_weights,
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
        model=models_that(is_network),
    conda:
        "../envs/gpu.yaml"
    threads: lambda wildcards: the_model(wildcards).training["threads"]
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(120, per_mb=0.5),
    params:
        # Read by no script: fused feature sets in another order are other columns.
        rerun_on_columns=model_columns,
        reading=model_reading,
        network=lambda wildcards: the_model(wildcards).module,
        settings=model_settings,
        training=lambda wildcards: the_model(wildcards).training,
        search=lambda wildcards: the_model(wildcards).search,
        adapt=lambda wildcards: the_model(wildcards).adapt,
        seed=STUDY.seed,
    message:
        "Training {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/network.py"


rule deep_features:
    input:
        unpack(model_tables),
        unpack(search_table),
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
        model=models_that(is_network),
    conda:
        "../envs/gpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(2100, per_mb=110, power=0.5),
        runtime=asks(30, per_mb=0.1),
    params:
        reading=model_reading,
        search=lambda wildcards: the_model(wildcards).search,
        accelerator=lambda wildcards: the_model(wildcards).training["accelerator"],
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
        model=models_that(is_estimator),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(5, per_mb=0.5),
    params:
        # Read by no script: fused feature sets in another order are other columns.
        rerun_on_columns=model_columns,
        reading=model_reading,
        estimator=lambda wildcards: the_model(wildcards).module,
        settings=lambda wildcards: the_model(wildcards).settings,
        training=lambda wildcards: the_model(wildcards).training,
        search=lambda wildcards: the_model(wildcards).search,
        adapt=lambda wildcards: the_model(wildcards).adapt,
        seed=STUDY.seed,
    message:
        "Fitting {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/estimator.py"


rule ensemble:
    input:
        code=code("ensemble.py"),
        dataset=experiment_dataset,
        answers=member_files("answers.parquet"),
        records=member_files("fit.json"),
    output:
        model="results/{experiment}/{model}/fold_{fold}/model.json",
        answers="results/{experiment}/{model}/fold_{fold}/answers.parquet",
        record="results/{experiment}/{model}/fold_{fold}/fit.json",
    log:
        "logs/{experiment}/{model}/fold_{fold}.log",
    benchmark:
        "benchmarks/{experiment}/{model}/fold_{fold}.tsv"
    wildcard_constraints:
        model=models_that(is_ensemble),
    conda:
        "../envs/cpu.yaml"
    threads: 1
    resources:
        mem_mb=asks(800, per_mb=15),
        runtime=asks(5, per_mb=0.5),
    message:
        "Averaging the members of {wildcards.model} on fold {wildcards.fold} of {wildcards.experiment}"
    script:
        "../workflow/scripts/ensemble.py"
