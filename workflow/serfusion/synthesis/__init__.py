"""Synthetic speech in the layouts of corpora, so that a study can run and be tested without them.

A module `synthesis/<name>.py` has `synthesise(folder, seed, **settings)`, which writes speech by
eSpeak NG under the existing, empty `folder` and returns the number of audio files.

- Folders, file names, label tables, sample rates, numbers of clips and actors are the corpus's own,
  and so are its known faults, which each module lists.
- The bytes depend on `seed` and the settings alone, in a fresh process: eSpeak NG remembers what it
  has said before.
- Nothing passes for human speech: `SYNTHETIC.txt` in the folder and a comment in each WAV file say
  what it is.

Those that stand in for a published corpus take `clips_per_actor`: None for as many as the corpus
has, or about how many of each actor, an equal share of each emotion; the faults are there always.
They also have `clips(seed, clips_per_actor)`, which says what would be spoken and speaks nothing.
"""
