"""The study that config.yaml describes: its schema, its defaults, its refusals."""
