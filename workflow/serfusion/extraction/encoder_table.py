"""The form of an encoder's table: statistics of its layers over the frames of a clip.

The column `values` has a float16 array of shape (layers × 4, width): its row 4 i + j is statistic
j of the i-th of the layers that the feature set asks for. `length` is always layers × 4.
"""

STATISTICS = ("mean", "std", "loud_mean", "loud_std")
"""Over all frames of a clip, and over those within 35 dB of its loudest."""
