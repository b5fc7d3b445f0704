"""Models: one module per architecture or estimator, known by its file's name.

A network module `models/<name>.py` declares

- `KIND = "network"`
- `SETTINGS`: its hyper-parameters, a JSON schema with a default for each key;
- `build(inputs, classes, **settings)`: a `torch.nn.Module` from float32 rows of shape
  (batch, inputs) to logits of shape (batch, classes). With
  `EXTRACTOR = True` its `deep(rows)` gives features of shape (batch, n) that can be fused.

An estimator module declares

- `KIND = "estimator"`
- `SETTINGS`, as a network does;
- `build(seed, **settings)`: a scikit-learn classifier, whose rows are standardised before it sees
  them, and which draws nothing but from `seed`;
- `parameters(fitted)`: how many numbers the fitted classifier keeps to answer with, for the report.
"""
