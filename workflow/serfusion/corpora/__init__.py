"""One module per corpus: where it comes from, and how its files name speaker, sentence and emotion.

A corpus module `corpora/<name>.py` declares

- `TITLE`, `LICENCE`, `CITATION`: text for the report, and `SYNTHETIC`: whether it is human speech;
- `SETTINGS`: what `config.yaml` may say of it, a JSON schema with a default for each key;
- `labels(path, root)`: the `Labels` of one audio file, or a `ValueError` that says why it has none;
- for a corpus that is made rather than downloaded, `synthesise(folder, seed, **settings)`.
"""
