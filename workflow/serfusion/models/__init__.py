"""Models: one module per architecture or estimator, known by its file's name.

A network module `models/<name>.py` declares

- `KIND = "network"`;
- `INPUT`: `"vector"`, one vector per clip, or `"frames"`, one per frame;
- `SETTINGS`: its hyper-parameters, a JSON schema with a default for each key;
- `build(inputs, classes, **settings)`: a `torch.nn.Module` that gives logits of shape
  (batch, classes). Of vectors, `inputs` is the number of columns, and the module is given float32
  rows of shape (batch, inputs). Of frames, `inputs` is [frames, channels], and it is given values
  of shape (batch, frames, channels), zero beyond each clip's own frames, and their number, int64
  of shape (batch,). What it answers must not depend on what else is in the batch.

and may declare

- `EXTRACTOR = True`: its `deep`, of the same arguments, gives features of shape (batch, n) that
  can be fused;
- `STANDARDISED = False`: it is given values as they stand in the tables, and not standardised by
  the mean and scale of the training rows;
- `AS_IS = n`: the last n columns alone are given as they stand.

One whose convolutions, `features`, can start from published weights also declares `WEIGHTS` (their
`url`, `sha256` and `size_bytes`) and has `weights` and `weights_url` in its `SETTINGS`, of which
`build` gets neither.

An estimator module declares

- `KIND = "estimator"`
- `SETTINGS`, as a network does;
- `build(seed, **settings)`: a scikit-learn classifier, whose rows are standardised before it sees
  them, and which draws nothing but from `seed`;
- `parameters(fitted)`: how many numbers the fitted classifier keeps to answer with, for the report.
"""
