"""Speech from eSpeak NG's shared library, which the package `espeakng-loader` contains.

The library is called through ctypes. Names and constants are those of its header `speak_lib.h`.
"""

import ctypes

import espeakng_loader
import numpy as np

SYNCHRONOUS = 2
CHARACTERS = 0
UTF8_SSML = 1 | 0x10
PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}


class Espeak:
    """eSpeak NG, started once per process.

    It keeps its state between calls: the same calls in the same order give the same samples, but
    in another order they may not.

    Attributes
    ----------
    sample_rate_hz : int
        The sample rate of its speech.

    Raises
    ------
    RuntimeError
        If eSpeak NG does not start.
    """

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate_hz = self._library.espeak_Initialize(SYNCHRONOUS, 0, data, 0)
        if self.sample_rate_hz <= 0:
            raise RuntimeError("eSpeak NG did not start")
        self._chunks: list[np.ndarray] = []
        callback_type = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self._callback = callback_type(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, samples, count: int, events) -> int:
        if samples and count:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def speak(self, ssml: str, voice: str, **parameters: int) -> np.ndarray:
        """Return `ssml` as speech.

        Parameters
        ----------
        ssml : str
            Text, optionally with SSML markup such as `<break time="300ms"/>`.
        voice : str
            A voice and variant such as `en-us+f1`.
        **parameters : int
            `rate` (80 to 450 words per minute), `volume` (0 to 200), `pitch` and `range`
            (0 to 100).

        Returns
        -------
        ndarray of shape (n,), int16

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
