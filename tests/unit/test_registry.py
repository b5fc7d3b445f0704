"""Plugins found by their file names."""

import subprocess
import sys

import pytest

from serfusion import registry
from serfusion.dag import dependencies
from serfusion.errors import Refusal


def test_an_unknown_module_is_refused_with_a_hint():
    with pytest.raises(Refusal, match="there is no 'conv1'; did you mean 'conv1d'"):
        registry.load("models", "conv1")


def test_settings_are_read_without_importing():
    script = "from serfusion import registry; import sys; registry.available('models'); "
    script += "assert 'torch' not in sys.modules and 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=dependencies.LIBRARY)
