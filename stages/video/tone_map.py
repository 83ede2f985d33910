"""HDR pictures (PQ and HLG, ITU-R BT.2100) become pictures of standard range (BT.709).

Both are brought to light as displayed, in units of the reference white of 203 nits (ITU-R BT.2408). Colours go from
the primaries of BT.2020 to those of BT.709. Up to 0.3 of that white, light stays as it is; above it, up to 1,000 nits,
it is compressed by a Moebius curve of the pixel's strongest channel, so that hue is kept (as FFmpeg's tonemap=mobius).
Last comes the inverse of BT.1886: light to the power of 1 / 2.4.
"""

from functools import cache

import numpy as np
from av.video.reformatter import ColorTrc
from numpy.typing import NDArray

HDR_TRANSFERS = frozenset({ColorTrc.SMPTE2084.value, ColorTrc.ARIB_STD_B67.value})
"""Transfer characteristics of frames that need this."""

_WHITE_NITS = 203.0
_PEAK_NITS = 1000.0
_KNEE = 0.3
_PEAK = _PEAK_NITS / _WHITE_NITS
_BT2020_TO_BT709 = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]], np.float32
)
"""ITU-R BT.2087, of linear light."""
_BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)


def to_standard_range(pixels: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """RGB of 16 bits with an HDR transfer (height x width x 3) as RGB of 8 bits of standard range."""
    light = _light_of_codes(transfer)[pixels]
    if transfer == ColorTrc.ARIB_STD_B67.value:
        # BT.2100: scene light becomes displayed light by its luminance to the power of 0.2, on a display of 1,000 nits
        light *= (_PEAK * np.power(light @ _BT2020_LUMA, 0.2))[..., None]
    light = np.maximum(light @ _BT2020_TO_BT709.T, 0)
    strongest = np.maximum(light.max(axis=-1), 1e-6)
    light *= (_compressed(strongest) / strongest)[..., None]
    standard: NDArray[np.uint8] = np.rint(255 * np.power(np.minimum(light, 1), 1 / 2.4)).astype(np.uint8)
    return standard


def _compressed(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The light unchanged up to the knee; above it bent so that the peak becomes 1, without a kink at the knee."""
    a = -(_KNEE**2) * (_PEAK - 1) / (_KNEE**2 - 2 * _KNEE + _PEAK)
    b = (_KNEE**2 - 2 * _KNEE * _PEAK + _PEAK) / (_PEAK - 1)
    bent = (b**2 + 2 * b * _KNEE + _KNEE**2) / (b - a) * (light + a) / (light + b)
    return np.where(light <= _KNEE, light, bent)


@cache
def _light_of_codes(transfer: int) -> NDArray[np.float32]:
    """Light of each code 0..65535: for PQ displayed light over reference white, for HLG scene light 0..1."""
    code = np.linspace(0, 1, 65536)
    if transfer == ColorTrc.SMPTE2084.value:
        root = np.power(code, 32 / 2523)
        nits = 10_000 * np.power(np.maximum(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root), 8192 / 1305)
        return (nits / _WHITE_NITS).astype(np.float32)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12).astype(np.float32)
