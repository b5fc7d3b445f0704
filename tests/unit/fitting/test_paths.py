"""What the names of result files say."""

from serfusion.fitting.paths import model_and_fold


def test_a_path_says_model_and_fold():
    assert model_and_fold("results/demo/conv1d/fold_12/fit.json") == ("conv1d", 12)
