"""A desk as its settings describe it, with the ends of sessions that follow from the catalogue."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.catalogue import EndRow, load_session_ends, session_ends
from cockpit.adapters.settings.file import read_settings
from cockpit.adapters.settings.plan import to_plan
from cockpit.adapters.settings.records import Settings
from cockpit.domain.plan import Plan
from cockpit.domain.windows import region_of
from cockpit.tables import Complaint


class Desk(Struct, frozen=True):
    """A desk as its settings describe it, and what could not be used of them."""

    settings: Settings
    plan: Plan
    ends: tuple[EndRow, ...]
    complaints: tuple[Complaint, ...]
    settings_file: Path | None

    @property
    def catalogue_file(self) -> Path | None:
        """The desk's own rows of the catalogue; None when it has none."""
        named = self.settings.folders.catalogue
        return Path(named).expanduser() if named else None

    def with_settings(self, settings: Settings) -> Desk:
        """Return the desk with other settings, and the plan that follows from them."""
        zone = settings.desk.zone
        ends = session_ends(self.ends, zone, region_of(zone))
        return replace(self, settings=settings, plan=to_plan(settings, ends, is_demo=self.plan.is_demo))


def read_desk(settings_file: Path | None, *, is_demo: bool = False) -> Desk:
    """Read the settings, and when sessions end. Nothing is raised: what cannot be used is a complaint."""
    settings, complaints = (Settings(), []) if settings_file is None else read_settings(settings_file)
    ends = load_session_ends()
    plan = to_plan(
        settings, session_ends(ends, settings.desk.zone, region_of(settings.desk.zone)), is_demo=is_demo
    )
    return Desk(settings, plan, ends, tuple(complaints), settings_file)


def with_register(desk: Desk) -> Desk:
    """Return the desk with what it has registered, from the file beside its settings; most screens do without."""
    from cockpit.adapters.settings.register import REGISTER, read_register  # after the first picture

    if desk.settings_file is None or not (file := desk.settings_file.with_name(REGISTER)).exists():
        return desk
    register, complaints = read_register(file)
    plan = replace(desk.plan, register=register)
    return replace(desk, plan=plan, complaints=(*desk.complaints, *complaints))


def with_plan(desk: Desk, plan: Plan) -> Desk:
    """Return the desk with another plan, for example with the doors that a first look has found."""
    return replace(desk, plan=plan)
