"""The desk's own sounds as PCM, computed: no file, nobody else's recording. Red two tones again and again, orange two beeps, yellow one."""

from __future__ import annotations

import math
from array import array

#: Hertz; 0 is silence.
RATE, HIGH, LOW = 44_100, 880.0, 660.0
#: Severity -> (hertz, seconds) one after the other.
PATTERNS: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((HIGH, 0.4), (LOW, 0.4), (HIGH, 0.4), (LOW, 0.4)),
    2: ((HIGH, 0.16), (0.0, 0.12), (HIGH, 0.16)),
    3: ((LOW, 0.25),),
}
#: Of full scale, and seconds in which a tone rises and falls: an edge would click.
LOUD, EDGE = 0.35, 0.008


def pcm(severity: int, rate: int = RATE) -> bytes:
    """One sounding of a severity as signed 16 bit mono, little end first on every machine that Qt plays on; b"" for a silent one."""
    samples = array("h")
    for hertz, seconds in PATTERNS.get(severity, ()):
        count = round(rate * seconds)
        samples.extend(_sample(place, count, hertz, rate) for place in range(count))
    return samples.tobytes()


def _sample(place: int, count: int, hertz: float, rate: int) -> int:
    edge = min(1.0, min(place, count - 1 - place) / (EDGE * rate))
    wave = math.sin(2 * math.pi * hertz * place / rate)
    # A third above makes it heard on a small loudspeaker.
    return round(32_767 * LOUD * edge * (0.8 * wave + 0.2 * math.sin(6 * math.pi * hertz * place / rate)))
