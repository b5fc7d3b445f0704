"""The workflow as a module of somebody else's Snakefile, with a configuration of its own."""

from hashlib import md5

import pandas as pd
import pytest
import soundfile
import yaml

from servers import serving, zipped
from speech import voice
from studies import SMALL, Study

pytestmark = pytest.mark.slow

SNAKEFILE = """
configfile: "lab.yaml"


rule table:
    input:
        "results/small/folds.parquet",
        "results/features/gender/demo/original.parquet",
    output:
        "table.txt",
    shell:
        "ls -l {input} > {output}"


module emotions:
    snakefile:
        "../study/Snakefile"
    config:
        config["emotions"]


use rule * from emotions as emotions_*
"""


@pytest.fixture
def lab(study, tmp_path) -> Study:
    """A folder of its own beside the checkout, whose workflow uses serfusion's rules."""
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / ".cache").symlink_to((study / ".cache").readlink())
    (folder / "Snakefile").write_text(SNAKEFILE)
    lab = Study(folder)
    (folder / "lab.yaml").write_text(yaml.safe_dump({"emotions": SMALL, "seed": 0}))
    (study / "config.yaml").unlink()
    return lab


def test_its_own_rules_stand_first_and_read_what_serfusion_makes(lab):
    lab.snakemake("--cores", "2")
    assert "results/small/folds.parquet" in (lab / "table.txt").read_text()
    folds = pd.read_parquet(lab / "results/small/folds.parquet")
    assert set(folds["role"]) == {"train", "validation", "test"}
    assert "emotions_folds" not in lab.would_run("--rerun-triggers", "mtime")


def test_every_target_of_the_study_can_be_asked_for(lab):
    counts = lab.would_run("results/small/report.html", "results/fused/report.html")
    assert counts["emotions_network"] == 4
    assert counts["emotions_report"] == counts["emotions_comparison_report"] == 1
    everything = lab.would_run("emotions_all")
    assert everything["emotions_summary"] == 1


def test_a_job_reads_the_modules_own_configuration(lab):
    name = "Actor_01/03-01-03-01-01-01-01.wav"
    with serving() as server:
        samples = lab / "clip.wav"
        soundfile.write(samples, voice(1, 16000, 0), 16000)
        content = server.files["/speech.zip"] = zipped({name: samples.read_bytes()})
        corpus = {
            "url": f"{server.url}/speech.zip",
            "md5": md5(content).hexdigest(),
            "size_bytes": len(content),
        }
        config = {"emotions": SMALL | {"corpora": {"demo": {}, "ravdess": corpus}}}
        (lab / "lab.yaml").write_text(yaml.safe_dump(config))
        lab.snakemake("--cores", "1", "data/corpora/ravdess")
    assert (lab / "data/corpora/ravdess" / name).is_file()
