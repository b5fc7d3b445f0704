"""Feature sets: audio in, numbers out; one module each.

A feature module `features/<kind>.py` declares

- `SETTINGS`: what `config.yaml` may say of it, a JSON schema with a default for each key;
- `names(**settings)`: the names of its columns;
- `extract(clip, load, **settings)`: their values for one clip, as a float32 array in that order.
  `clip` is a row of the clip table, `load()` reads and augments its audio at `sample_rate_hz`.
"""
