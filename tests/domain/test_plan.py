"""Where a door is: on this PC, in whichever way its address is written, or elsewhere."""

from __future__ import annotations

import pytest

from cockpit.domain.plan import is_loopback, is_this_pc


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST", "::1", "127.0.0.2", "0:0:0:0:0:0:0:1"]
)
def test_this_pc_in_many_spellings(host: str) -> None:
    assert is_loopback(host)
    assert is_this_pc(host)


@pytest.mark.parametrize(
    "host", ["192.168.1.7", "tws.lan", "fe80::1", "", "127.0.0.1.evil.example", "127.1.1"]
)
def test_elsewhere(host: str) -> None:
    assert not is_loopback(host)
    assert not is_this_pc(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_address_that_is_bound_to_the_network_is_dialled_on_this_pc(host: str) -> None:
    assert not is_loopback(host)
    assert is_this_pc(host)
