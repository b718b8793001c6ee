"""An encoder that knows words only: texts are alike as far as they share words."""

from hashlib import blake2b

import numpy as np

from segue.core.records.meaning import Meaning
from segue.core.records.percepts import EMOTIONS

WIDTH = 256


class WordEncoder:
    """Words hashed into a unit vector; an emotion is shown where its own name stands in the text."""

    model = "words"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, text: str) -> Meaning:
        self.read.append(text)
        words = [word.strip(".,!?").lower() for word in text.split()]
        vector = np.zeros(WIDTH, np.float32)
        for word in words:
            vector[int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") % WIDTH] += 1.0
        vector /= max(float(np.linalg.norm(vector)), 1e-6)
        emotions = np.array([0.9 if name in words else 0.01 for name in EMOTIONS])
        return Meaning(vector, emotions, emotions > 0.5)
