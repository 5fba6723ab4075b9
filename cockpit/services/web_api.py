"""The Web API by OAuth: look at it, try it anew, keep what it signs with. Whatever comes of it is shown."""

from __future__ import annotations

from pathlib import Path

from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.readiness import Footprint
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.desk import Desk
from cockpit.services.errors import NotPermitted, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import OAuthLink

NOTICE = "web-api"
ACCESS_NOTICE = "web-api/access"
_TITLE = "Web API"
_OTHERS_WORK = "TWS and the gateway have their own sign-ins and are not affected"
_MESSAGES = 4  # of one look at most: token, status, accounts of the user, accounts of the portfolio


async def look_at_web_api(desk: Desk, harm: Harm, link: OAuthLink) -> bool:
    """Ask session and accounts, quietly: what keeps them away is a fact. Return whether a session answered."""
    try:
        await harm.permit(Footprint.LIGHT, messages=_MESSAGES)
        await link.ask_session()
        await link.ask_accounts()
    except Trouble:
        return False
    desk.untell(NOTICE)
    return True


async def renew_web_api(desk: Desk, harm: Harm, link: OAuthLink) -> bool:
    """Ask for a session at once, because the trader wants it; a failure is told. Return whether one answered."""
    try:
        await harm.permit(Footprint.LIGHT, messages=_MESSAGES)
        await link.renew()
        await link.ask_accounts()
    except Trouble as trouble:
        desk.tell(_notice(NOTICE, desk, trouble, _OTHERS_WORK))
        return False
    desk.untell(NOTICE)
    return True


async def keep_oauth_secret(desk: Desk, link: OAuthLink, which: OAuthSecret, given: Secret | Path) -> bool:
    """Keep a text or a key file of the consumer; return whether it is kept. When not, the notice says why."""
    try:
        if isinstance(given, Secret):
            await link.keep_text(which, given)
        else:
            await link.keep_file(which, given)
    except Trouble as trouble:
        desk.tell(_notice(ACCESS_NOTICE, desk, trouble, "What was kept before is still there"))
        return False
    desk.untell(ACCESS_NOTICE)
    return True


def _notice(key: str, desk: Desk, trouble: Trouble, works: str) -> Notice:
    remedy = trouble.remedy
    if remedy is None and isinstance(trouble, NotPermitted):
        remedy = Remedy("Wait, then try again.")
    return Notice(key, Level.LIMITED, _TITLE, trouble.sentence, desk.now(), works, remedy, "")
