"""Synthetic speech in the layouts of corpora, to run and test a study without the corpora.

A module `synthesis/<name>.py` has `synthesise(folder, seed, **settings)`, which writes speech by
eSpeak NG to the existing, empty `folder` and returns the number of audio files.

- Folders, file names, label tables, sample rates and the numbers of clips and actors are those of
  the corpus. So are its known faults, which each module lists.
- In a fresh process, the bytes depend only on `seed` and the settings. (eSpeak NG keeps its state
  between clips.)
- The speech cannot be mistaken for human speech: `SYNTHETIC.txt` in the folder and a comment in
  each WAV file state what it is.

Stand-ins for a published corpus have the setting `clips_per_actor`: None for all clips of the
corpus, or the approximate number of clips per actor, with equal shares of the emotions. The faults
are always included. These modules also have `clips(seed, clips_per_actor)`, which returns the clips
without synthesising them.
"""
