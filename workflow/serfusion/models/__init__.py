"""Models: one module per architecture or estimator, named by its file.

A network module `models/<name>.py` declares

- `KIND = "network"`;
- `INPUT`: `"vector"`, one vector per clip, `"frames"`, one per frame, or `"layers"`, statistics of
  the layers of one encoder;
- `SETTINGS`: its hyperparameters, each with a JSON schema that has a default;
- `build(inputs, classes, **settings)`: a `torch.nn.Module` that returns logits of shape
  (batch, classes). For vectors, `inputs` is the number of columns, and the network gets float32
  rows of shape (batch, inputs). For frames, `inputs` is [frames, channels], and the network gets
  values of shape (batch, frames, channels), padded with zeros after the last frame of a clip, and
  the number of frames of each clip, int64 of shape (batch,). The logits of a clip must not depend
  on the other clips of its batch. For layers, `inputs` is [statistics, layers, width], and the
  network gets rows of shape (batch, statistics × layers × width), in this order.

and may declare

- `EXTRACTOR = True`: it has a method `deep` with the same arguments, which returns features of
  shape (batch, n) for fusion;
- `STANDARDISED = False`: it gets the values of the feature tables unchanged, instead of
  standardised by mean and scale of the training rows;
- `AS_IS = n`: it gets only the last n columns unchanged.

A network whose convolutions, `features`, can start from published weights also declares
`PRETRAINED_WEIGHTS` (their `url`, `sha256` and `size_bytes`) and has `weights` and `weights_url`
in its `SETTINGS`; `build` gets neither.

A network that trains the upper layers of a pretrained encoder declares `FINE_TUNED = True`. It
reads the frames of one of the encoder's layers, unchanged, and has

- in its `build` two more settings: `encoder`, the encoder's `config.json`, and `layer`, that of the
  frames;
- `start_from(folder)`: takes the weights of the encoder, for a training.

A network may have `learning_rates()`: lists of its parameters, each with its share of the learning
rate; the first share is 1.

An estimator module declares

- `KIND = "estimator"`;
- `SETTINGS`, as a network does;
- `build(seed, **settings)`: a scikit-learn classifier. Its rows are standardised, and `seed`
  determines everything that it draws at random;
- `parameter_count(fitted)`: how many numbers the fitted classifier needs to predict, for the
  report;

and may declare

- `BLOCKS = True`: its `build(seed, blocks, **settings)` also gets the number of columns of each
  block (see `serfusion.fitting.blocks`). Its rows are not standardised, and in half precision where
  they are of encoders.
"""
