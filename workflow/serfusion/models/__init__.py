"""Models: one module per architecture or estimator, known by its file's name.

A network module `models/<name>.py` declares

- `KIND = "network"`
- `SETTINGS`: its hyper-parameters, a JSON schema with a default for each key;
- `build(inputs, classes, **settings)`: a `torch.nn.Module` from float32 rows of shape
  (batch, inputs) to logits of shape (batch, classes). With
  `EXTRACTOR = True` its `deep(rows)` gives features of shape (batch, n) that can be fused.

One whose convolutions, `features`, can start from published weights also declares `WEIGHTS` (their
`url`, `sha256` and `size_bytes`) and has `weights` and `weights_url` in its `SETTINGS`, of which
`build` gets neither.

An estimator module declares `KIND = "estimator"`, `SETTINGS` and
`build(seed, **settings)`: a scikit-learn classifier, whose rows are
standardised before it sees them.
"""
