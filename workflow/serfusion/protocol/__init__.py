"""Which clips are for training, validation and testing, and the proof that no fold leaks."""
