"""What runs again after an edit, as a table of cases, through Snakemake's own dry run."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from speech import voice
from studies import EVALUATION, SMALL, tables

pytestmark = pytest.mark.slow

FOLDS = 2
END = {"summary": 1, "all": 1}
ALL_PAGES = {"report": 1, "comparison_report": 1, **END}
OWN_REPORT = {**EVALUATION, "report": 1, **END}
COMPARISON = {"comparison": 1, "comparison_report": 1, **END}
REPORT = OWN_REPORT | COMPARISON
REPORT_FILE = "results/small/report.html"


def nothing(study):
    pass


def touch(path):
    def edit(study):
        os.utime(study / path)

    return edit


def touch_everything(study):
    for path in [*study.folder.rglob("*.py"), *study.folder.glob("results/**/*.*")]:
        os.utime(path)


def rewrite_the_checkout(study):
    """As a checkout of another branch and back does: new files with the old contents."""
    for path in [*study.folder.glob("workflow/**/*.*"), study / "config.yaml"]:
        if path.is_file():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)


def comment(path, mark="#"):
    def edit(study):
        with (study / path).open("a") as file:
            file.write(f"\n{mark} a comment\n")

    return edit


def setting(place, value):
    return lambda study: study.set(place, value)


def one_more_augmentation(study):
    study.set("augmentations.faster", {"kind": "stretch", "rate": 1.2})
    study.set("experiments.small.augment", ["pitch", "noise", "faster"])


def one_more_experiment(study):
    config = study.config
    other = dict(config["experiments"]["small"], models=["logistic_regression"], augment=["noise"])
    config["experiments"]["other"] = other
    study.config = config


def one_more_comparison(study):
    config = study.config
    config["comparisons"]["other"] = config["comparisons"]["fused"]
    study.config = config


def edit_comparison(**changes):
    def edit(study):
        config = study.config
        config["comparisons"]["fused"]["questions"][0] |= changes
        study.config = config

    return edit


def delete(path):
    def edit(study):
        (study / path).unlink()

    return edit


NETWORKS = {"network": 2 * FOLDS, "deep_features": FOLDS}
SEARCHED = {"estimator_search": FOLDS, "estimator": FOLDS}
TRAINING = NETWORKS | SEARCHED

CASES = {
    "nothing changed": (nothing, {}),
    "a script touched": (touch("workflow/scripts/features.py"), {}),
    "a table touched": (touch("results/features/acoustic/demo/noise.parquet"), {}),
    "all code and all results touched": (touch_everything, {}),
    "a branch checked out and back": (rewrite_the_checkout, {}),
    "the MLP's learning rate": (
        setting("models.fusion_conv1d_mlp.learning_rate", 0.01),
        {"network": FOLDS, **REPORT},
    ),
    "a model without augmented copies": (
        setting("models.logistic_regression.augmented", False),
        {"estimator_search": FOLDS, "estimator": FOLDS, **REPORT},
    ),
    "the extractor's width": (
        setting("models.conv1d.width", 12),
        {"network": 2 * FOLDS, "deep_features": FOLDS, **REPORT},
    ),
    "one more value to try": (
        setting("models.logistic_regression.search.C", [0.01, 1, 10]),
        {**SEARCHED, **REPORT},
    ),
    "a model that is no longer searched": (
        setting("models.logistic_regression.search", {}),
        {"estimator": FOLDS, **REPORT},
    ),
    "a network that is searched": (
        setting("models.fusion_conv1d_mlp.search", {"learning_rate": [0.01, 0.001]}),
        {"search": FOLDS, "network": FOLDS, **REPORT},
    ),
    "the noise level": (
        setting("augmentations.noise.snr_db", 10),
        {"features": 3, **TRAINING, **REPORT},
    ),
    "one more augmentation": (one_more_augmentation, {"features": 3, **TRAINING, **REPORT}),
    "one more experiment": (
        one_more_experiment,
        {"folds": 1, **SEARCHED, **OWN_REPORT},
    ),
    "one more comparison": (one_more_comparison, COMPARISON),
    "an arm's label": (edit_comparison(arms=[{"label": "alone", "model": "conv1d"}]), COMPARISON),
    "a question's note": (edit_comparison(note="Is it?"), {"comparison_report": 1, **END}),
    "labels that are permuted": (
        setting("models.logistic_regression.labels", "permuted"),
        {"permuted_labels": FOLDS, **SEARCHED, **REPORT},
    ),
    "labels that were the true ones, written out": (
        setting("models.logistic_regression.labels", True),
        {},
    ),
    "what people recognise": (
        comment("workflow/serfusion/evaluation/people.py"),
        {"statistics": 1, "report": 1, **END},
    ),
    "a fact that reports print, beside the corpora": (
        comment("workflow/serfusion/corpora/demo.yaml"),
        {"statistics": 1, **ALL_PAGES},
    ),
    "a corpus's title": (setting("corpora.demo.title", "Another"), ALL_PAGES),
    "how the study is typed": (comment("workflow/serfusion/study/entries.py"), ALL_PAGES),
    "one model fewer": (
        setting("experiments.small.models", ["conv1d", "fusion_conv1d_mlp"]),
        REPORT,
    ),
    "the title": (setting("experiments.small.title", "Small"), ALL_PAGES),
    "a setting written out that was the default": (
        setting("models.conv1d.batch_size", 64),
        {},
    ),
    "two settings swapped": (
        setting("features.acoustic", {"n_mfcc": 128, "n_mels": 20}),
        {"features": 3, **TRAINING, **REPORT},
    ),
    "the share of validation": (
        setting("experiments.small.validation.share", 0.6),
        {"folds": 1, **TRAINING, **REPORT},
    ),
    "a feature set's default written out": (setting("features.acoustic.n_mels", 128), {}),
    "settings in another order": (
        setting("experiments.small.validation", {"share": 0.5, "by": "actor"}),
        {},
    ),
    "the order of what is fused": (
        setting("models.fusion_conv1d_mlp.fuse", ["gender", "statistical"]),
        {"network": FOLDS, **REPORT},
    ),
    "the order of the models": (
        setting("experiments.small.models", ["logistic_regression", "conv1d", "fusion_conv1d_mlp"]),
        REPORT,
    ),
    "an edit taken back": (setting("models.conv1d.width", 8), {}),
    "the seed": (
        setting("seed", 18),
        {"synthetic_corpus": 1, "clips": 1, "dataset": 1, "features": 9, "folds": 1}
        | TRAINING
        | REPORT,
    ),
    "a comment in the report module": (
        comment("workflow/serfusion/report/experiment/page.py"),
        {"report": 1, **END},
    ),
    "a comment in the comparison's module": (
        comment("workflow/serfusion/evaluation/differences.py"),
        {"statistics": 1, "report": 1, **COMPARISON},
    ),
    "the section on failures": (
        comment("workflow/serfusion/report/experiment/failures.html", "{# #}"),
        {"report": 1, **END},
    ),
    "how many mistakes are shown": (
        setting("report", {"mistakes": 3}),
        {"mistakes": 1, "report": 1, **END},
    ),
    "whether its clips can be heard": (
        setting("corpora.demo.embed_audio", False),
        {"mistakes": 1, **ALL_PAGES},
    ),
    "how a clip is pictured": (
        comment("workflow/serfusion/report/experiment/portrait.py"),
        {"mistakes": 1, "report": 1, **END},
    ),
    "how groups are scored": (
        comment("workflow/serfusion/evaluation/groups.py"),
        {"breakdown": 1, "report": 1, **END},
    ),
    "the report's style": (
        comment("workflow/serfusion/report/page/style.css", "/* */"),
        ALL_PAGES,
    ),
    "a change in the acoustic module": (
        comment("workflow/serfusion/features/acoustic.py"),
        {"features": 3, **TRAINING, **REPORT},
    ),
    "a change in the MLP's module": (
        comment("workflow/serfusion/models/mlp.py"),
        {"network": FOLDS, **REPORT},
    ),
    "a change in the estimators' loop": (
        comment("workflow/serfusion/fitting/estimators.py"),
        {**SEARCHED, **REPORT},
    ),
    "a change in the search's script": (
        comment("workflow/scripts/search.py"),
        {**SEARCHED, **REPORT},
    ),
    "a change in the downloader": (comment("workflow/serfusion/obtaining/download.py"), {}),
    "a change in the metrics": (comment("workflow/serfusion/evaluation/metrics.py"), REPORT),
    "a fold's checkpoint deleted": (
        delete("results/small/conv1d/fold_2/model.ckpt"),
        {"network": 2, "deep_features": 1, **REPORT},
    ),
    "a fold's answers deleted": (
        delete("results/small/logistic_regression/fold_1/answers.parquet"),
        {},
    ),
    "the report deleted": (
        delete("results/small/report.html"),
        {"report": 1, **END},
    ),
    "the summary deleted": (delete("results/summary.html"), END),
    "what stands in the summary alone": (
        setting(
            "references",
            [
                {
                    "dataset": "demo",
                    "classes": 8,
                    "who": "people",
                    "figure": 60,
                    "metric": "accuracy",
                    "source": "nobody",
                    "speaker_independent": None,
                }
            ],
        ),
        END,
    ),
    "a comment in the summary's module": (
        comment("workflow/serfusion/report/summary/inflation.py"),
        END,
    ),
    "a comment in the findings": (
        comment("workflow/serfusion/report/experiment/findings.py"),
        {"report": 1, **END},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_exactly_what_changed_runs_again(finished, tmp_path, case):
    edit, expected = CASES[case]
    study = finished.copy(tmp_path / "study")
    edit(study)
    assert study.would_run() == expected


def test_what_a_lost_table_was_made_for_stands_until_it_is_asked_for(finished, tmp_path):
    study = finished.copy(tmp_path / "study")
    lost = "results/features/acoustic/demo/noise.parquet"
    (study / lost).unlink()
    assert study.would_run() == {}
    assert study.would_run(lost)["features"] == 1


def test_a_file_of_the_users_corpus(study, write_clip, tmp_path):
    """Touched: nothing; replaced, added or removed: the index and what follows."""
    target, speech = "results/datasets/demo.parquet", tmp_path / "speech"
    config = study.config
    config["corpora"] = {"ravdess": {"path": str(speech)}}
    config["datasets"]["demo"]["corpora"] = ["ravdess"]
    study.config = config
    paths = [
        write_clip(f"speech/Actor_01/03-01-0{n}-01-01-01-01.wav", voice(1, 16000, n))
        for n in (3, 4, 5)
    ]
    study.snakemake(target)
    assert study.would_run(target) == {}
    os.utime(paths[0])
    assert study.would_run(target) == {}
    again = {"clips": 1, "dataset": 1}
    write_clip("speech/Actor_01/03-01-03-01-01-01-01.wav", voice(1, 16000, 9))
    assert study.would_run(target) == again
    study.snakemake(target)
    assert study.would_run(target) == {}
    paths[0].unlink()
    assert study.would_run(target) == again
    shutil.copy2(paths[1], paths[1].with_name("03-01-04-01-02-01-01.wav"))
    assert study.would_run(target) == again


def longer(study):
    study.set("models.conv1d.epochs", 400)
    study.set("models.conv1d.width", 128)


def slower(study):
    """Change the code of the training and not what is trained."""
    with (study / "workflow/serfusion/fitting/networks.py").open("a") as file:
        file.write(
            "\n\nClassifier.on_train_epoch_start = lambda self: __import__('time').sleep(1)\n"
        )


def kill_halfway(study, edit, *, head: bool) -> Path:
    """Edit and run the study, kill a job that trains, or all of Snakemake; return its folder."""
    edit(study)
    run = subprocess.Popen(
        study.command("--cores", "1", REPORT_FILE),
        cwd=study.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    job, fold = wait_for_job(run, study / "logs/small/conv1d")
    if head:
        run.kill()
    job.kill()
    run.wait(timeout=60)
    assert run.returncode
    return study / f"results/small/conv1d/{fold}"


def trains(process: psutil.Process) -> bool:
    try:
        command = process.cmdline()
    except psutil.NoSuchProcess:
        return False
    return bool(command) and command[-1].endswith(".network.py")


def wait_for_job(run: subprocess.Popen, logs: Path) -> tuple[psutil.Process, str]:
    """Return a job that trains and its fold, once its log tells of a first epoch."""
    began, deadline = time.time(), time.monotonic() + 300
    while time.monotonic() < deadline and run.poll() is None:
        jobs = [
            child for child in psutil.Process(run.pid).children(recursive=True) if trains(child)
        ]
        for log in logs.glob("fold_?.log"):
            if jobs and log.stat().st_mtime > began and "epoch 1 " in log.read_text():
                return jobs[-1], log.stem
        time.sleep(0.1)
    raise AssertionError(run.communicate()[0])


@pytest.mark.parametrize(
    ("edit", "head"),
    [(longer, False), (longer, True), (slower, False)],
    ids=["the job", "the head and the job", "the job, after a change of code"],
)
def test_a_killed_run_is_taken_up_where_it_was(finished, tmp_path, edit, head):
    study = finished.copy(tmp_path / "study")
    due = {"network": 2 * FOLDS, "deep_features": FOLDS, **EVALUATION, "report": 1}
    tables = {path: path.read_bytes() for path in (study / "results/features").rglob("*.parquet")}
    killed = kill_halfway(study, edit, head=head)
    if head:
        study.snakemake("--unlock")
    assert {path.name for path in killed.iterdir()} <= {"deep.parquet"}
    assert tables == {path: path.read_bytes() for path in tables}
    assert study.would_run(REPORT_FILE) == due


def test_a_first_run_killed_on_one_core_ends_with_the_tables_of_a_run_on_two(finished, study):
    kill_halfway(study, longer, head=False)
    due = study.would_run(REPORT_FILE)
    assert due["network"] == 2 * FOLDS
    assert not {"synthetic_corpus", "clips", "dataset", "folds"} & set(due)
    study.config = SMALL
    study.snakemake("--cores", "1")
    assert study.would_run() == {}
    assert tables(study.folder) == tables(finished.folder)
