"""Which networks carry this PC: wired or wireless, a tunnel, and a digest that changes with the place."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil
from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

_SUBJECT = "desk"
_TUNNEL = re.compile(
    r"(tun|tap|wg|ppp|ipsec|utun|nordlynx|proton|mullvad|tailscale|zt|gpd|cscotun)\w*$"
    r"|.*(vpn|wireguard|tailscale|anyconnect|wintun|openvpn|globalprotect|forti).*",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"(lo\d*|docker\d*|br-.*|veth.*|virbr.*|vmnet.*|vboxnet.*|cni.*|flannel.*|dummy.*)$|loopback.*",
    re.IGNORECASE,
)
_WIRELESS = re.compile(r"(wl|wlan|ath|ra)\w*$|wi-?fi.*|wlan.*|wireless.*|drahtlos.*", re.IGNORECASE)
_WIRED = re.compile(
    r"(en[opsx]\w+|eth\d+|em\d+)$|ethernet.*|lan-verbindung.*|local area connection.*", re.IGNORECASE
)
_PROC_ROUTES = Path("/proc/net/route")


class Card(Struct, frozen=True):
    """One network interface that is up. `addresses` are IPv4 with prefix length."""

    name: str
    addresses: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Wired, wireless, tunnel, inner (loopback, containers) or unclear, from its name."""
        table = (("inner", _INNER), ("tunnel", _TUNNEL), ("wireless", _WIRELESS), ("wired", _WIRED))
        return next((word for word, pattern in table if pattern.match(self.name)), "unclear")


def network(cards: Iterable[Card], default: str) -> str:
    """Say how the PC is connected: wired, wireless, none or unclear.

    `default` is the interface of the default route, empty when that is not known.
    """
    outer = [card for card in cards if card.addresses and card.kind not in ("inner", "tunnel")]
    if not outer:
        return "none"
    chosen = next((card for card in outer if card.name == default), None)
    words = {chosen.kind} if chosen else {card.kind for card in outer}
    return words.pop() if len(words) == 1 else "unclear"


def network_print(cards: Iterable[Card], gateway: str) -> str:
    """Return a digest of the networks in use, which changes when the PC moves to another one."""
    lines = sorted(
        f"{card.name} {network}" for card in cards if card.kind != "inner" for network in _networks(card)
    )
    return hashlib.sha256("\n".join([*lines, gateway]).encode()).hexdigest()[:16]


def default_route(table: str) -> tuple[str, str]:
    """Read interface and gateway of the default route from the text of /proc/net/route; empty without one."""
    rows = [line.split() for line in table.splitlines()[1:]]
    routes = [row for row in rows if len(row) > 7 and row[1] == "00000000" and row[7] == "00000000"]
    if not routes:
        return "", ""
    best = min(routes, key=lambda row: int(row[6]))
    return best[0], socket.inet_ntoa(int(best[2], 16).to_bytes(4, "little"))


def look_at_network(now: float) -> list[Observation]:
    """Look which interfaces carry the traffic."""
    cards = _cards()
    interface, gateway = "", ""
    if _PROC_ROUTES.exists():
        interface, gateway = default_route(_PROC_ROUTES.read_text(encoding="ascii"))
    tunnels = [card.name for card in cards if card.kind == "tunnel" and card.addresses]
    note = f"default route through {interface}" if interface else ""
    vpn_note = ", ".join(tunnels)
    return [
        kinds.NETWORK.seen(_SUBJECT, network(cards, interface), now, Provenance.MEASURED, note),
        kinds.NETWORK_PRINT.seen(_SUBJECT, network_print(cards, gateway), now, Provenance.MEASURED),
        kinds.VPN.seen(_SUBJECT, bool(tunnels), now, Provenance.MEASURED, vpn_note),
    ]


def _cards() -> list[Card]:
    states, addresses = psutil.net_if_stats(), psutil.net_if_addrs()
    cards = []
    for name, state in states.items():
        if state.isup:
            own = [a for a in addresses.get(name, []) if a.family == socket.AF_INET and a.netmask]
            cards.append(Card(name, tuple(f"{a.address}/{a.netmask}" for a in own)))
    return cards


def _networks(card: Card) -> list[str]:
    return [str(ipaddress.ip_interface(address).network) for address in card.addresses]
