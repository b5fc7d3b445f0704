"""Feature sets: audio in, numbers out; one module each.

A feature module `features/<kind>.py` declares `SETTINGS`, what `config.yaml` may say of it: a JSON
schema with a default for each key. Then, if it gives one vector per clip,

- `names(**settings)`: the names of its columns;
- `extract(clip, load, **settings)`: their values for one clip, as a float32 array in that order.
  `clip` is a row of the clip table, `load()` reads and augments its audio at `sample_rate_hz`;

or, if it gives one vector per frame,

- `FRAMES = True` and `PRECISION`, `"float16"` or `"float32"`, in which its table keeps them;
- `shape(**settings)`: how many frames a row of the table has room for, and how many channels a
  frame has;
- `extract(clip, load, **settings)`: float32 of shape (t, channels), of any length t.
"""
