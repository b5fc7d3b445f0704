"""Feature sets: one module each, from the audio of a clip to numbers.

A feature module `features/<kind>.py` declares `SETTINGS`, the settings in `config.yaml`, each with
a JSON schema that has a default. If it computes one vector per clip, it also has

- `names(**settings)`: the names of its columns;
- `extract(clip, load, **settings)`: their values for one clip, as a float32 array in that order.
  `clip` is a row of the clip table, and `load()` returns its audio, augmented and at
  `sample_rate_hz`.

If it computes one vector per frame, it has

- `FRAMES = True` and `PRECISION`, `"float16"` or `"float32"`, the type of the values in its table;
- `shape(**settings)`: the number of frames in a row of the table, and of channels in a frame;
- `extract(clip, load, **settings)`: a float32 array of shape (t, channels), for any t. The table
  cuts it or pads it with zeros.

If a pretrained network computes it, for many clips at a time, it has `PRETRAINED = True` and

- `tables(clips, folder, **settings)`: the schema of its table and an iterator over the parts of it;
  `folder` holds the network. The settings say where the network is from, by `model`, `revision` and
  `path`, see `serfusion.study.encoder_weights`, and how many `threads` the job has; `tables` gets
  the others. The rule `encoder_features` runs it instead of `features`.
"""
