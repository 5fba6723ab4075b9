"""The gateway's TLS and HTTP: certificates, pins, odd requests, what is answered on the spot."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import socket
import ssl

import httpx2
import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.simulator.scenario import Portal

from .gateway_clients import A_HANG, API, UNLIMITED, Bench, hangs, on_a_loop, running, trusting

pytestmark = pytest.mark.plain


def pinned_context(pin: str) -> ssl.SSLContext:
    """A context that checks nothing but the fingerprint, right after the handshake."""

    class Pinned(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            seen = hashlib.sha256(self.getpeercert(binary_form=True) or b"").hexdigest()
            if seen != pin:
                raise ssl.SSLCertVerificationError(f"pin does not match {seen}")

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslobject_class = Pinned
    return context


async def raw(port: int, content: bytes, context: ssl.SSLContext | None = None) -> bytes:
    """Send bytes and read until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    writer.write(content)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def tickle(bench: Bench, context: ssl.SSLContext) -> int:
    """Tickle with a client of its own; the status."""
    async with httpx2.AsyncClient(verify=context, trust_env=False) as client:
        return (await client.post(f"https://127.0.0.1:{bench.port}{API}/tickle")).status_code


@on_a_loop
async def test_a_pinned_fingerprint_lets_a_client_in() -> None:
    async with running() as bench:
        assert await tickle(bench, pinned_context(bench.gateway.fingerprint)) == 200


@on_a_loop
async def test_a_wrong_pin_ends_before_the_first_request_byte() -> None:
    async with running() as bench:
        with pytest.raises(httpx2.ConnectError):
            await tickle(bench, pinned_context("0" * 64))
        assert bench.recorder.http_calls() == ()


@on_a_loop
async def test_changing_the_certificate_ends_connections_and_keeps_the_port() -> None:
    async with running() as bench:
        old, before = trusting(bench.gateway), bench.gateway.fingerprint
        async with bench.stream() as stream:
            await stream.recv()
            await bench.gateway.change_certificate()
            await stream.wait_closed()
            assert stream.close_code != 1000
        assert bench.gateway.fingerprint != before
        with pytest.raises(httpx2.ConnectError):
            await tickle(bench, old)
        assert await tickle(bench, trusting(bench.gateway)) == 200


@on_a_loop
async def test_the_vendor_certificate_is_expired_and_names_no_host() -> None:
    async with running(replace(UNLIMITED, certificate="vendor")) as bench:
        certificate = x509.load_pem_x509_certificate(bench.gateway.certificate)
        assert certificate.subject == certificate.issuer
        assert "CN=Client Portal Web API" in certificate.subject.rfc4514_string()
        assert certificate.not_valid_after_utc.isoformat() == "2019-05-11T00:00:00+00:00"
        assert list(certificate.extensions) == []
        context = trusting(bench.gateway)
        context.check_hostname = False
        with pytest.raises(httpx2.ConnectError, match="expired"):
            await tickle(bench, context)
        assert await tickle(bench, pinned_context(bench.gateway.fingerprint)) == 200


@on_a_loop
async def test_tls_1_3_alone_is_refused_with_an_alert() -> None:
    async with running() as bench:
        context = trusting(bench.gateway)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
            await asyncio.open_connection("127.0.0.1", bench.port, ssl=context)


@pytest.mark.parametrize(
    "content",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"API\0\0\0\0\x0av100..200\n", bytes(40)],
    ids=["http", "tws", "zeros"],
)
@on_a_loop
async def test_a_client_without_tls_gets_not_one_byte(content: bytes) -> None:
    async with running() as bench:
        assert await raw(bench.port, content) == b""
        assert bench.recorder.http_calls() == ()


@on_a_loop
async def test_it_listens_on_loopback_only() -> None:
    async with running() as bench:
        with socket.socket() as other:
            other.bind(("127.0.0.2", bench.port))  # would be taken if the gateway listened everywhere


@on_a_loop
async def test_a_second_gateway_on_the_same_port_is_told() -> None:
    async with running() as bench:
        with pytest.raises(OSError):
            async with running(replace(UNLIMITED, port=bench.port)):
                pass


@on_a_loop
async def test_the_client_of_the_standard_library_gets_its_answer() -> None:
    async with running() as bench:

        def ask() -> tuple[int, dict[str, object], str | None]:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", bench.port, context=trusting(bench.gateway), timeout=5
            )
            connection.request("POST", API + "/iserver/auth/status", body=b"{}")
            answer = connection.getresponse()
            body, coding = json.loads(answer.read()), answer.getheader("Transfer-Encoding")
            connection.request("GET", "/")  # the same connection serves on
            connection.getresponse().read()
            connection.close()
            return answer.status, body, coding

        status, body, coding = await asyncio.to_thread(ask)
        assert (status, body["authenticated"], coding) == (200, True, "chunked")


@on_a_loop
async def test_a_body_in_chunks_is_read() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_IN)) as bench:
        request = (
            f"POST {API}/iserver/auth/ssodh/init HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            'Transfer-Encoding: chunked\r\n\r\n6\r\n{"publ\r\na\r\nish":true}\r\n0\r\n\r\n'
        )
        answer = await raw(bench.port, request.encode(), trusting(bench.gateway))
        assert answer.startswith(b"HTTP/1.1 200")
        assert bench.gateway.state is Portal.TRADING


@on_a_loop
async def test_a_client_that_asks_before_it_sends_its_body_is_told_to_go_on() -> None:
    async with running() as bench:
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.port, ssl=trusting(bench.gateway))
        head = f"POST {API}/tickle HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        writer.write(head.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
        writer.write(b"{}")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"https://localhost{API}/tickle", b"200"),
        (f"{API}/tickle#fragment", b"200"),
        ("//[", b"302"),
        (f"{API}/%FF%00/..%2f", b"404"),
    ],
)
@on_a_loop
async def test_odd_targets_are_read_as_what_they_are(target: str, status: bytes) -> None:
    async with running() as bench:
        request = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = await raw(bench.port, request.encode(), trusting(bench.gateway))
        assert answer.split()[1] == status


@on_a_loop
async def test_a_request_that_is_no_http_is_refused_and_the_gateway_lives_on() -> None:
    async with running() as bench:
        answer = await raw(bench.port, b"\x00\x01 nonsense\r\n\r\n", trusting(bench.gateway))
        assert answer.startswith(b"HTTP/1.1 400")
        nested = await bench.client.post(API + "/iserver/contract/rules", content=b"[" * 100_000)
        assert nested.status_code == 500
        assert (await bench.get("/tickle")).status_code == 200


@on_a_loop
async def test_stopping_ends_a_request_that_hangs_and_starting_takes_the_same_port() -> None:
    async with running(replace(UNLIMITED, state=Portal.HANGING)) as bench:
        hanging = asyncio.ensure_future(bench.get("/tickle"))
        await bench.recorder.arrived.wait()
        await bench.gateway.stop()
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            await hanging
        assert await bench.gateway.start() == bench.port
        assert (await bench.client.get("/")).status_code == 302


@on_a_loop
async def test_a_request_that_hung_does_not_come_back_with_the_upstream() -> None:
    async with running(replace(UNLIMITED, state=Portal.HANGING)) as bench:
        hanging = asyncio.ensure_future(hangs(bench.client.get(API + "/tickle", timeout=A_HANG)))
        await bench.recorder.arrived.wait()
        await bench.gateway.set_state(Portal.TRADING)
        assert (await bench.get("/tickle")).status_code == 200
        assert await hanging


@on_a_loop
async def test_a_post_without_a_length_is_refused() -> None:
    async with running() as bench:
        request = f"POST {API}/tickle HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = await raw(bench.port, request.encode(), trusting(bench.gateway))
        assert answer.startswith(b"HTTP/1.1 411")


@on_a_loop
async def test_a_browser_page_of_any_origin_is_welcome() -> None:
    async with running() as bench:
        page = {"Origin": "https://elsewhere.example"}
        asked = await bench.client.options(
            API + "/tickle", headers={**page, "Access-Control-Request-Method": "POST"}
        )
        assert (asked.status_code, asked.content) == (204, b"")
        assert "DELETE" in asked.headers["access-control-allow-methods"]
        answer = await bench.client.get(API + "/tickle", headers=page)
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/gw/api/v1/accounts", "/oauth/request_token", "/v1/api", "/v2/x", "/any?a=b"]
)
@on_a_loop
async def test_paths_that_are_not_passed_on_lead_to_the_brokers_host(path: str) -> None:
    async with running() as bench:
        answer = await bench.client.get(path)
        assert answer.status_code == 302
        assert answer.headers["location"] == f"https://api.ibkr.com{path}"


@on_a_loop
async def test_the_demo_page_needs_no_login_and_the_status_page_never_comes() -> None:
    async with running(replace(UNLIMITED, state=Portal.SIGNED_OUT)) as bench:
        assert (await bench.client.get("/demo")).status_code == 200
        assert await hangs(bench.client.get("/status", timeout=A_HANG))


@on_a_loop
async def test_the_older_prefix_behaves_the_same() -> None:
    async with running() as bench:
        assert (await bench.client.get("/v1/portal/tickle")).status_code == 200
        assert (await bench.get("/no/such/path")).status_code == 404


@on_a_loop
async def test_a_slow_call_does_not_hold_up_the_next() -> None:
    async with running(replace(UNLIMITED, latency_ms=3_600_000.0)) as bench:
        slow = asyncio.ensure_future(bench.get("/portfolio/accounts"))
        await bench.recorder.arrived.wait()
        bench.gateway.set_latency(0)
        assert (await bench.get("/tickle")).status_code == 200
        assert not slow.done()
        slow.cancel()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    requests=st.lists(
        st.tuples(
            st.sampled_from(["GET", "POST", "DELETE"]),
            st.sampled_from(
                [
                    "/iserver/account/U1234821/orders",
                    "/iserver/account/U1234821/orders/whatif",
                    "/iserver/contract/{}/info",
                    "/iserver/marketdata/snapshot?conids={}&fields={}",
                    "/iserver/secdef/search?symbol={}",
                    "/iserver/reply/{}",
                    "/iserver/questions/suppress",
                    "/iserver/marketdata/unsubscribe",
                    "/iserver/contract/rules",
                    "/{}",
                ]
            ),
            st.text(max_size=20) | st.integers().map(str),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(
                            ["orders", "conid", "orderType", "quantity", "messageIds", "confirmed"]
                        ),
                        inner,
                    )
                ),
                max_leaves=6,
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_asked_every_request_gets_an_answer(requests: list[tuple[str, str, str, object]]) -> None:
    async def ask_all() -> None:
        async with running() as bench:
            for method, path, text, body in requests:
                url = httpx2.URL(f"https://127.0.0.1:{bench.port}").copy_with(
                    raw_path=(API + path.replace("{}", quoted(text))).encode()
                )
                content = json.dumps(body).encode()
                answer = await bench.client.request(method, url, content=content)
                assert answer.status_code in {200, 302, 400, 404, 405, 500, 503}

    asyncio.run(ask_all())


def quoted(text: str) -> str:
    """Text as a part of a path."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))
