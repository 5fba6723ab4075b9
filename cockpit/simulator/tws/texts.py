"""The words that come with the broker's codes, in English and in other languages of TWS.

Clients must decide on codes: the texts follow the language of the screen, and on Windows its encoding.
"""

from __future__ import annotations

ENGLISH = {
    100: "Max rate of messages per second has been exceeded",
    101: "Max number of tickers has been reached",
    102: "Duplicate ticker ID for API request",
    162: "Historical Market Data Service error message:HMDS query returned no data",
    200: "No security definition has been found for the request",
    201: "Order rejected - reason:No trading permissions.",
    202: "Order Canceled - reason:",
    300: "Can't find EId with tickerId:{}",
    320: "Error reading request. {}",
    321: "Error validating request. {}",
    322: "Error processing request. {}",
    326: "Unable to connect as the client id is already in use. Retry with a unique client id.",
    327: "Only the default client (i.e 0) can auto bind orders",
    354: "Requested market data is not subscribed. {}",
    387: "Unsupported order type for this exchange and security type.",
    413: "The 'What If' order should have its transmit flag set to true.",
    414: "Snapshot market data subscription is not applicable to generic ticks",
    1100: "Connectivity between IBKR and Trader Workstation has been lost.",
    1101: "Connectivity between IBKR and Trader Workstation has been restored - data lost.",
    1102: "Connectivity between IBKR and Trader Workstation has been restored - data maintained.",
    1300: "Socket port has been reset and this connection is being dropped. Reconnect on the new port - {}",
    2100: "API client has been unsubscribed from account data.",
    2103: "Market data farm connection is broken:{}",
    2104: "Market data farm connection is OK:{}",
    2105: "HMDS data farm connection is broken:{}",
    2106: "HMDS data farm connection is OK:{}",
    2107: "HMDS data farm connection is inactive but should be available upon demand.{}",
    2108: "Market data farm connection is inactive but should be available upon demand.{}",
    2110: "Connectivity between Trader Workstation and server is broken. It will be restored automatically.",
    2119: "Market data farm is connecting:{}",
    2157: "Sec-def data farm connection is broken:{}",
    2158: "Sec-def data farm connection is OK:{}",
    10089: "Requested market data requires additional subscription for API. {}",
    10090: "Part of requested market data is not subscribed. {}",
    10091: "Part of requested market data requires additional subscription for API. {}",
    10147: "OrderId {} that needs to be cancelled is not found.",
    10167: "Requested market data is not subscribed. Displaying delayed market data.",
    10168: "Requested market data is not subscribed. Delayed market data is not enabled.",
    10197: "No market data during competing live session",
}

# Code of a farm notice by kind and state; a farm's name follows in the text.
FARM_CODES = {
    ("market", "ok"): 2104,
    ("market", "broken"): 2103,
    ("market", "dormant"): 2108,
    ("market", "connecting"): 2119,
    ("history", "ok"): 2106,
    ("history", "broken"): 2105,
    ("history", "dormant"): 2107,
    ("definitions", "ok"): 2158,
    ("definitions", "broken"): 2157,
}

READ_ONLY = "The API interface is currently in Read-Only mode."
DELAYED_AVAILABLE = "Delayed market data is available."

_OTHERS = {
    "es": {
        200: "No se ha encontrado ninguna definición de valor para la petición",
        201: "Orden rechazada - motivo:Sin permisos de negociación.",
        321: "Error al validar la petición. {}",
        326: "No es posible conectar: el id de cliente ya está en uso. Inténtelo con un id único.",
        354: "Los datos de mercado solicitados no están suscritos. {}",
        387: "Tipo de orden no admitido para esta bolsa y tipo de valor.",
        1100: "Se ha perdido la conexión entre IBKR y Trader Workstation.",
        1101: "Se ha restablecido la conexión entre IBKR y Trader Workstation - datos perdidos.",
        1102: "Se ha restablecido la conexión entre IBKR y Trader Workstation - datos conservados.",
        2103: "La conexión con el centro de datos de mercado está interrumpida:{}",
        2104: "La conexión con el centro de datos de mercado es correcta:{}",
        2106: "La conexión con el centro de datos históricos es correcta:{}",
        2158: "La conexión con el centro de definiciones es correcta:{}",
        10089: "Los datos solicitados requieren una suscripción adicional para la API. {}",
        10167: "Los datos solicitados no están suscritos. Se muestran datos con retraso.",
        10197: "Sin datos de mercado durante una sesión concurrente",
    },
    "de": {
        200: "Für die Anfrage wurde keine Wertpapierdefinition gefunden",
        201: "Order abgelehnt - Grund:Keine Handelsberechtigung.",
        321: "Fehler beim Prüfen der Anfrage. {}",
        326: "Verbindung nicht möglich: Die Client-ID wird bereits verwendet.",
        354: "Die angeforderten Marktdaten sind nicht abonniert. {}",
        387: "Ordertyp wird für diese Börse und Wertpapierart nicht unterstützt.",
        1100: "Die Verbindung zwischen IBKR und Trader Workstation ist unterbrochen.",
        1101: "Die Verbindung zwischen IBKR und Trader Workstation steht wieder - Daten verloren.",
        1102: "Die Verbindung zwischen IBKR und Trader Workstation steht wieder - Daten erhalten.",
        2103: "Verbindung zur Marktdatenfarm ist unterbrochen:{}",
        2104: "Verbindung zur Marktdatenfarm ist in Ordnung:{}",
        2106: "Verbindung zur Historienfarm ist in Ordnung:{}",
        2158: "Verbindung zur Stammdatenfarm ist in Ordnung:{}",
        10089: "Die angeforderten Marktdaten benötigen ein zusätzliches Abonnement für die API. {}",
        10167: "Die angeforderten Marktdaten sind nicht abonniert. Es werden verzögerte Daten gezeigt.",
        10197: "Keine Marktdaten während einer konkurrierenden Sitzung",
    },
}


def words(code: int, detail: str = "", language: str = "en") -> str:
    """Write the text of a code; a code without one of its own has only the detail."""
    pattern = _OTHERS.get(language, {}).get(code) or ENGLISH.get(code, "{}")
    return pattern.replace("{}", detail).rstrip()
