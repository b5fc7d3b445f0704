"""What the page of a comparison says of p-values."""

import pandas as pd

from serfusion.report.comparison.arms import significant, smallest_corrected_p
from serfusion.report.page.significance import p_value


def test_what_the_page_says_of_p_values():
    table = pd.DataFrame({"actors": [24, 4, 3], "label": list("abc"), "p_holm": [None, 0.04, 0.2]})
    assert [row["label"] for row in significant(table)] == ["b"]
    assert smallest_corrected_p(table) == 2 * 2 / 2**4
    assert [p_value(p) for p in (0.0004, 0.0006, 0.05, 1)] == ["< 0.001", "0.001", "0.050", "1.000"]
