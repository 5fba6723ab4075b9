"""A line of the device-trust list, and a weakness with its cure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy


class TrustGroup(StrEnum):
    """The chips by which the list is filtered."""

    SECOND_FACTOR = "Second factor"
    THIS_PC = "This PC"
    OTHER_DEVICES = "Other devices"
    DOORS = "Doors"
    CREDENTIALS = "Credentials"
    RECOVERY = "Recovery"


class TrustRow(Struct, frozen=True):
    """One device, factor, door or way back: what it proves and its weakest point in one sentence.

    `at` is when it was last proven and `ends` when that ends (UTC epoch seconds); `proven` and `ends_words` say more
    than a time can, such as "proven in drill" or "expired 2019". `detail` lists what the level rests on, line by line.
    """

    key: str
    title: str
    group: TrustGroup
    level: Level
    sentence: str
    provenance: Provenance | None = None
    at: float | None = None
    proven: str = ""
    ends: float | None = None
    ends_words: str = ""
    remedy: Remedy | None = None
    detail: tuple[str, ...] = ()


class Step(StrEnum):
    """The four steps of the rule that the program turns into something that runs."""

    OBJECTIVE = "define the objective"
    INTERFACE = "match the interface"
    HARDEN = "harden the authentication"
    REHEARSE = "rehearse beforehand"


class Weakness(Struct, frozen=True):
    """Something that makes the desk weaker than need be, its cure, and since when it is accepted (None: it is not)."""

    key: str
    title: str
    level: Level
    sentence: str
    step: Step
    cure: Remedy
    provenance: Provenance
    at: float
    accepted_at: float | None = None
    source: str = ""
