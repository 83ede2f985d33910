"""What part one packet plays in the decoding of others, read from its bytes.

Only headers are read (ITU-T H.264 7.3.1, 7.3.3 and D.1.8, H.265 7.3.1.2 and 7.4.2.2, H.262 6.2.3, ISO/IEC 14496-2
6.2.5): at which packet decoding may start, from which packet no other one is predicted, which one is a B-picture.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple


class PacketRole(NamedTuple):
    """The part that one packet plays in the decoding of others."""

    is_entry: bool
    """Decoding may start here: all later frames that are shown after it come out exact."""
    disposable_layer: int | None = None
    """Temporal layer in which nothing is predicted from it; None if it is, or may be, a reference."""
    layer: int = 0
    """Its temporal layer."""
    skips_on_entry: bool = False
    """It is predicted from pictures before the entry that it follows, so it is not shown if decoding starts there."""
    is_several: bool = False
    """It holds more than one picture, so the container's times are not those of pictures."""
    is_bidirectional: bool | None = None
    """It is predicted from pictures on both sides in time, so it follows one that is shown later; None if unknown."""


PacketReader = Callable[[memoryview, bool], PacketRole]
"""(packet bytes, keyframe flag of the container) to its role."""

_H264_SLICE, _H264_PARTITION_A, _H264_IDR, _H264_SEI = 1, 2, 5, 6
_RECOVERY_POINT = 6
_HEVC_RASL = (8, 9)
_HEVC_IRAP = range(16, 24)
_MPEG4_PICTURE = b"\0\0\1\xb6"
_MPEG2_PICTURE = b"\0\0\1\0"
_B_SLICE, _B_VOP, _B_PICTURE = 1, 2, 3


def packet_reader(codec_name: str, extradata: bytes | None) -> PacketReader:
    """The reader for a codec. For a codec whose packets are not read, the container's keyframe flag decides."""
    header = extradata or b""
    if codec_name == "h264":
        length_bytes = (header[4] & 3) + 1 if len(header) > 6 and header[0] == 1 else 0
        return lambda data, is_keyframe: _h264_role(data, length_bytes, is_keyframe)
    if codec_name == "hevc":
        length_bytes = (header[21] & 3) + 1 if len(header) > 22 and header[:3] not in _START_CODES else 0
        return lambda data, is_keyframe: _hevc_role(data, length_bytes, is_keyframe)
    if codec_name == "mpeg4":
        return _mpeg4_role
    if codec_name == "mpeg2video":
        return _mpeg2_role
    return lambda _, is_keyframe: PacketRole(is_entry=is_keyframe)


_START_CODES = (b"\0\0\1", b"\0\0\0")


def _units(data: memoryview, length_bytes: int) -> Iterator[tuple[int, int]]:
    """(first, end) of every NAL unit: length-prefixed, or after start codes if `length_bytes` is 0."""
    if length_bytes:
        position, total = 0, len(data)
        while position + length_bytes < total:
            first = position + length_bytes
            position = first + int.from_bytes(data[position:first], "big")
            if position > first:
                yield first, min(position, total)
        return
    raw = bytes(data)
    first = raw.find(b"\0\0\1") + 3
    while first > 2:
        following = raw.find(b"\0\0\1", first)
        end = len(raw) if following < 0 else following
        if end > first:
            yield first, end
        first = following + 3


def _mpeg4_role(data: memoryview, is_keyframe: bool) -> PacketRole:
    raw = bytes(data)
    place = raw.find(_MPEG4_PICTURE) + 4
    is_b = 4 <= place < len(raw) and raw[place] >> 6 == _B_VOP
    return PacketRole(is_keyframe, is_several=raw.count(_MPEG4_PICTURE) > 1, is_bidirectional=is_b)


def _mpeg2_role(data: memoryview, is_keyframe: bool) -> PacketRole:
    raw = bytes(data)
    place = raw.find(_MPEG2_PICTURE) + 4
    # temporal_reference has 10 bits, picture_coding_type follows with 3
    is_b = 4 <= place < len(raw) - 1 and raw[place + 1] >> 3 & 7 == _B_PICTURE
    return PacketRole(is_keyframe, is_bidirectional=is_b)


def _h264_role(data: memoryview, length_bytes: int, is_keyframe: bool) -> PacketRole:
    is_entry, is_reference, has_slice, is_b = False, False, False, False
    for first, end in _units(data, length_bytes):
        header = data[first]
        kind = header & 0x1F
        if _H264_SLICE <= kind <= _H264_IDR:
            has_slice = True
            is_reference = is_reference or bool(header & 0x60)
            is_entry = is_entry or kind == _H264_IDR
            is_b = is_b or (kind <= _H264_PARTITION_A and _h264_slice_type(data[first + 1 : first + 9]) == _B_SLICE)
        elif kind == _H264_SEI and is_keyframe and not is_entry:
            is_entry = _recovers_at_once(bytes(data[first + 1 : end]))
    layer = None if is_reference or not has_slice else 0
    return PacketRole(is_entry and is_keyframe, layer, is_bidirectional=is_b)


def _h264_slice_type(header: memoryview) -> int:
    """The type of a slice, 0..4: the second number of its header, after first_mb_in_slice."""
    bits = f"{int.from_bytes(header, 'big'):0{8 * len(header)}b}"
    _, place = _exp_golomb(bits, 0)
    return _exp_golomb(bits, place)[0] % 5


def _exp_golomb(bits: str, place: int) -> tuple[int, int]:
    """The ue(v) number at a place (H.264 9.1), and the place after it; 0 at the end of the bits."""
    one = bits.find("1", place)
    end = 2 * one - place + 1
    return (int(bits[one:end], 2) - 1, end) if one >= 0 else (0, len(bits))


def _recovers_at_once(sei: bytes) -> bool:
    """Whether an SEI holds a recovery point with recovery_frame_cnt 0 and exact_match_flag 1."""
    position = 0
    while position + 2 < len(sei):
        kind, position = _ff_coded(sei, position)
        size, position = _ff_coded(sei, position)
        if kind == _RECOVERY_POINT:
            # ue(v) 0 is the bit 1; exact_match_flag is the bit after it
            return position < len(sei) and sei[position] & 0xC0 == 0xC0
        position += size
    return False


def _ff_coded(sei: bytes, position: int) -> tuple[int, int]:
    """An SEI number (each byte 0xFF adds 255 and continues it), and the position after it."""
    value = 0
    while position < len(sei) and sei[position] == 0xFF:
        value, position = value + 255, position + 1
    return (value + sei[position], position + 1) if position < len(sei) else (value, position)


def _hevc_role(data: memoryview, length_bytes: int, is_keyframe: bool) -> PacketRole:
    kinds: list[int] = []
    layer = 0
    for first, end in _units(data, length_bytes):
        kind = data[first] >> 1 & 0x3F
        if kind < 32 and end - first >= 2:
            kinds.append(kind)
            layer = (data[first + 1] & 7) - 1
    # below 16, even types are sub-layer non-reference pictures: nothing in their own temporal layer refers to them
    disposable = bool(kinds) and all(kind < 16 and kind % 2 == 0 for kind in kinds)
    return PacketRole(
        is_entry=is_keyframe and any(kind in _HEVC_IRAP for kind in kinds),
        disposable_layer=layer if disposable else None,
        layer=layer,
        skips_on_entry=any(kind in _HEVC_RASL for kind in kinds),
    )
