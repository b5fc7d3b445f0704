"""Speech from eSpeak NG's shared library, which the package `espeakng-loader` carries.

The library is called through ctypes; names and constants are those of its `speak_lib.h`.
"""

import ctypes

import espeakng_loader
import numpy as np

SYNCHRONOUS = 2
CHARACTERS = 0
UTF8_SSML = 1 | 0x10
PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}


class Espeak:
    """One synthesiser.

    Its state carries over, so that the same calls in the same order give the same samples, and
    another order may not.

    Attributes
    ----------
    sample_rate_hz : int
        The rate of all it says.
    """

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate_hz = self._library.espeak_Initialize(SYNCHRONOUS, 0, data, 0)
        if self.sample_rate_hz <= 0:
            raise RuntimeError("eSpeak NG did not start")
        self._chunks: list[np.ndarray] = []
        receiver = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self._receive = receiver(self._collect)
        self._library.espeak_SetSynthCallback(self._receive)

    def _collect(self, samples, count: int, events) -> int:
        if samples and count:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, ssml: str, voice: str, **parameters: int) -> np.ndarray:
        """Speak `ssml` and return the samples.

        Parameters
        ----------
        ssml : str
            Text, with SSML markup such as `<break time="300ms"/>` if wanted.
        voice : str
            A voice and variant such as `en-us+f1`.
        **parameters : int
            `rate` (words a minute, 80 to 450), `volume` (0 to 200), `pitch` and `range`
            (0 to 100).

        Returns
        -------
        ndarray of shape (samples,), int16

        Raises
        ------
        ValueError
            If the voice or a parameter is unknown.
        """
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"eSpeak NG has no voice {voice!r}")
        for name, value in parameters.items():
            if name not in PARAMETERS or self._library.espeak_SetParameter(
                PARAMETERS[name], int(value), 0
            ):
                raise ValueError(f"eSpeak NG refused {name}={value}")
        self._chunks.clear()
        text = ssml.encode() + b"\0"
        size = ctypes.c_size_t(len(text))
        self._library.espeak_Synth(text, size, 0, CHARACTERS, 0, UTF8_SSML, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate(self._chunks)
