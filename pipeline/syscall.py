"""System calls: the numbers of those that a reading process may not make, by machine.

From the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

from dataclasses import dataclass

BOTH = {
    "io_uring": (425, 426, 427),
    "pidfd": (424, 434, 438),
    "mounting": (428, 429, 430, 431, 432, 433, 442),
    "modes": (452,),
}
"""Calls newer than Linux 5.1 have the same number on every machine."""


@dataclass(frozen=True)
class Architecture:
    """`opening`: calls that open a file, with the place of their flags. `absent` have an older equivalent."""

    audit_id: int
    denied: tuple[int, ...]
    absent: tuple[int, ...]
    opening: dict[int, int]
    clone: int
    tgkill: int


_X86 = {
    "network": (41, 42, 43, 44, 46, 49, 50, 53, 288, 307),
    "processes": (57, 58, 59, 322, 62, 200, 101, 310, 311, 272, 308, 297, 129),
    "names": (82, 83, 84, 85, 86, 87, 88, 133, 258, 259, 263, 264, 265, 266, 316),
    "owners and modes": (76, 77, 90, 91, 92, 93, 94, 260, 268, 132, 235, 261, 280, 188, 189, 190),
    "system": (155, 161, 165, 166, 167, 169, 170, 175, 176, 246, 248, 249, 250, 298, 304, 313, 321, 323),
}
_ARM = {
    "network": (198, 199, 200, 201, 202, 203, 206, 211, 242, 269),
    "processes": (221, 281, 129, 130, 117, 270, 271, 97, 268, 138, 240),
    "names": (33, 34, 35, 36, 37, 38, 276),
    "owners and modes": (45, 46, 52, 53, 54, 55, 88, 5, 6, 7),
    "system": (39, 40, 41, 51, 104, 105, 106, 142, 161, 217, 218, 219, 224, 241, 265, 273, 280, 282),
}


def _join(*groups: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(number for group in groups for numbers in group.values() for number in numbers)


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, _join(_X86, BOTH), (435, 437), {2: 1, 257: 2}, clone=56, tgkill=234),
    "aarch64": Architecture(0xC00000B7, _join(_ARM, BOTH), (435, 437), {56: 2}, clone=220, tgkill=131),
}
"""By `platform.machine()`; `clone` may start threads only, `tgkill` may reach the caller only."""
