"""One module per corpus: where it comes from, and how its files name speaker, sentence and emotion.

A corpus module `corpora/<name>.py` declares

- `SETTINGS`: what `config.yaml` may say of it, a JSON schema with a default for each key; `title`,
  `licence` and `citation`, which the report prints, among them;
- `SOURCE`: `{"kind": …}`, how it is obtained: `archive`, `git_lfs` or `dataverse` (see
  `serfusion.obtaining`; what else stands there is handed to it), `synthesis`, or `request` for one
  that its owners give to registered users only, with the address to `ask` at;
- `CLIPS`: how many of its clips can be used, by which the report tells part of it from all of it;
- `MAY_BE_EMBEDDED`: `False` where its licence forbids passing its audio on, in a page as elsewhere;
- `TABLES`: patterns of the files beside the audio that its labels are read from;
- `files(root)`: the audio files of a copy of it;
- `labels(path, root)`: the `Labels` of one of them, or a `ValueError` that says why it has none.

`serfusion.synthesis` has the stand-in of each under the same name.
"""
