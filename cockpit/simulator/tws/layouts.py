"""Which field stands in which message from which protocol version on: one table, walked by one encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cockpit.simulator.wire.frames import UNSET_DOUBLE, UNSET_INTEGER, FieldValue

OLDEST_VERSION = 100
# The last version in which a whole session is text; above it requests and answers turn into protobuf.
NEWEST_VERSION = 200

Block = Sequence[FieldValue]


class Field(Struct, frozen=True):
    """One place in a message, sent from version `since` to version `until`, both included.

    A `block` holds any number of wire fields: a counted list, or parts that follow only a certain value.
    """

    name: str
    since: int = OLDEST_VERSION
    until: int = NEWEST_VERSION
    default: FieldValue | Block = ""
    block: bool = False

    def is_in(self, version: int) -> bool:
        """Say whether a session of this version carries the field."""
        return self.since <= version <= self.until


Layout = tuple[Field, ...]


class UnknownField(Exception):
    """A value was given for a field that the message does not have: a bug of the caller."""


def _plain(*names: str, since: int = OLDEST_VERSION, default: FieldValue = "") -> Layout:
    return tuple(Field(name, since, default=default) for name in names)


def _block(name: str, since: int = OLDEST_VERSION) -> Field:
    """Make a block that is an empty counted list unless told otherwise."""
    return Field(name, since, default=0, block=True)


_CONTRACT = _plain("con_id", "symbol", "sec_type", "expiry", "strike", "right")

ERROR: Layout = (
    Field("message", default=4),
    Field("layout", until=193, default=2),
    *_plain("id", "code", "text"),
    *_plain("advanced_reject", since=166),
    *_plain("time_ms", since=194),
)

CONTRACT_DETAILS: Layout = (
    Field("message", default=10),
    Field("layout", until=163, default=8),
    *_plain("request", "symbol", "sec_type", "expiry"),
    *_plain("last_trade_date", since=182),
    *_plain("strike", "right", "exchange", "currency", "local_symbol", "market_name", "trading_class"),
    *_plain("con_id", "min_tick"),
    Field("size_multiplier", 110, 163, default=1),
    *_plain("multiplier", "order_types", "venues"),
    Field("price_magnifier", default=1),
    Field("under_con_id", default=0),
    *_plain("long_name", "primary_exchange", "contract_month", "industry", "category", "subcategory"),
    *_plain("zone", "trading_hours", "liquid_hours", "ev_rule"),
    Field("ev_multiplier", default=0),
    _block("sec_ids"),
    Field("agg_group", 121, default=1),
    *_plain("under_symbol", "under_sec_type", since=122),
    *_plain("market_rules", since=126),
    *_plain("real_expiry", since=134),
    *_plain("stock_type", since=152),
    Field("size_min_tick", 163, 163, default=1),
    *_plain("min_size", "size_increment", "suggested_size_increment", since=164, default=1),
    # Version 179 adds seventeen fields, but only to funds, which no desk here holds.
    _block("ineligibilities", since=186),
)

ORDER_STATUS: Layout = (
    Field("message", default=3),
    Field("layout", until=130, default=6),
    *_plain("order_id", "status", "filled", "remaining", "average_price"),
    Field("perm_id"),
    *_plain("parent_id", "last_price", default=0),
    *_plain("client"),
    *_plain("why_held"),
    Field("cap_price", 131, default=0),
)

OPTION_TICK: Layout = (
    Field("message", default=21),
    Field("layout", until=155, default=6),
    *_plain("request", "tick"),
    Field("attributes", 156, default=0),
    *_plain("volatility", "delta", "price", "dividends", "gamma", "vega", "theta", "under_price"),
)

PNL: Layout = (
    Field("message", default=94),
    *_plain("request", "daily"),
    *_plain("unrealized", since=129),
    *_plain("realized", since=135),
)

# One row of the answer to a symbol search; the derivative kinds are a counted list.
SYMBOL_SAMPLE: Layout = (
    *_plain("con_id", "symbol", "sec_type", "primary_exchange", "currency"),
    _block("derivatives"),
    *_plain("description", "issuer", since=176),
)

DEPTH_EXCHANGE: Layout = (
    *_plain("exchange", "sec_type"),
    *_plain("listing_exchange", "service", since=120),
    Field("agg_group", 120, default=UNSET_INTEGER),
    Field("is_level_two", until=119, default=0),
)

_MARGIN_PARTS = ("init_margin", "maint_margin", "equity")

OPEN_ORDER: Layout = (
    Field("message", default=5),
    Field("layout", until=144, default=34),
    Field("order_id"),
    *_CONTRACT,
    *_plain("multiplier", "exchange", "currency", "local_symbol", "trading_class"),
    *_plain("action", "quantity", "order_type", "limit_price", "stop_price", "tif", "oca_group", "account"),
    *_plain("open_close"),
    Field("origin", default=0),
    *_plain("order_ref"),
    *_plain("client", "perm_id", "outside_hours", "hidden", "discretionary_amount", default=0),
    *_plain("good_after", "shares_allocation", "fa_group", "fa_method", "fa_percentage"),
    Field("fa_profile", until=176),
    *_plain("model", since=103),
    *_plain("good_till", "rule_80a"),
    Field("percent_offset", default=UNSET_DOUBLE),
    *_plain("settling_firm"),
    Field("short_sale_slot", default=0),
    *_plain("designated_location"),
    Field("exempt_code", default=-1),
    Field("auction_strategy", default=0),
    *_plain("starting_price", "stock_ref_price", "delta", "range_lower", "range_upper", default=UNSET_DOUBLE),
    *_plain("display_size", "block_order", "sweep", "all_or_none", default=0),
    Field("min_quantity", default=UNSET_INTEGER),
    Field("oca_type", default=3),
    *_plain("etrade_only", "firm_quote_only", default=0),
    Field("nbbo_cap", default=UNSET_DOUBLE),
    *_plain("parent_id", "trigger_method", default=0),
    Field("volatility", default=UNSET_DOUBLE),
    Field("volatility_type", default=0),
    # The broker writes the word None for "no delta-neutral order", and readers then expect eight more fields.
    Field("delta_neutral_type", default="None"),
    Field("delta_neutral_price", default=UNSET_DOUBLE),
    Field("delta_neutral", default=(0, "", "", "", "?", 0, 0, ""), block=True),
    *_plain("continuous_update", "reference_price_type", default=0),
    *_plain("trail_stop_price", "trailing_percent", default=UNSET_DOUBLE),
    Field("basis_points", default=UNSET_DOUBLE),
    Field("basis_points_type", default=UNSET_INTEGER),
    *_plain("legs_text"),
    _block("legs"),
    _block("leg_prices"),
    _block("routing"),
    *_plain("scale_first", "scale_next", default=UNSET_INTEGER),
    Field("scale_increment", default=UNSET_DOUBLE),
    *_plain("hedge_type"),
    Field("no_smart_routing", default=0),
    *_plain("clearing_account", "clearing_intent"),
    *_plain("not_held", "has_delta_neutral_contract", default=0),
    Field("algo", default="", block=True),
    Field("solicited", default=0),
    Field("what_if", default=0),
    Field("status"),
    *_plain(*(f"{part}_before" for part in _MARGIN_PARTS), since=142, default=UNSET_DOUBLE),
    *_plain(*(f"{part}_change" for part in _MARGIN_PARTS), since=142, default=UNSET_DOUBLE),
    *_plain(*(f"{part}_after" for part in _MARGIN_PARTS), default=UNSET_DOUBLE),
    *_plain("commission", "commission_least", "commission_most", default=UNSET_DOUBLE),
    *_plain("commission_currency"),
    *_plain("margin_currency", since=195),
    *_plain(
        *(f"{part}_{when}_outside" for when in ("before", "change", "after") for part in _MARGIN_PARTS),
        since=195,
        default=UNSET_DOUBLE,
    ),
    Field("suggested_size", 195, default=UNSET_DOUBLE),
    *_plain("reject_reason", since=195),
    _block("allocations", since=195),
    *_plain("warning"),
    *_plain("randomize_size", "randomize_price", default=0),
    _block("pegged_benchmark_and_conditions", since=102),
    *_plain("adjusted_type", since=102),
    *_plain("trigger_price", "trail_stop_again", "limit_offset", since=102, default=UNSET_DOUBLE),
    *_plain("adjusted_stop", "adjusted_limit", "adjusted_trail", since=102, default=UNSET_DOUBLE),
    Field("adjustable_unit", 102, default=0),
    *_plain("soft_dollar_name", "soft_dollar_value", "soft_dollar_shown", since=106),
    Field("cash_quantity", 111, default=0),
    Field("no_auto_hedge_price", 141, default=0),
    Field("is_container", 145, default=0),
    Field("discretionary_to_limit", 148, default=0),
    Field("price_management", 151, default=0),
    Field("duration", 159, default=UNSET_INTEGER),
    Field("post_to_ats", 160, default=UNSET_INTEGER),
    Field("cancel_with_parent", 162, default=0),
    Field("min_trade_quantity", 170, default=UNSET_INTEGER),
    Field("min_compete_size", 170, default=UNSET_INTEGER),
    *_plain("compete_offset", "mid_offset_whole", "mid_offset_half", since=170, default=UNSET_DOUBLE),
    *_plain("customer_account", since=183),
    Field("professional", 184, default=0),
    Field("bond_interest", 185),
    Field("overnight", 189, default=0),
    Field("operator", 193),
    Field("manual_indicator", 193, default=UNSET_INTEGER),
    Field("submitter", 198),
    Field("imbalance_only", 199, default=0),
)


def fill(layout: Layout, version: int, values: Mapping[str, FieldValue | Block]) -> list[FieldValue]:
    """Lay `values` out for a session of this version; what is not given takes the field's default.

    Raises UnknownField when a value has no place in the layout.
    """
    unknown = values.keys() - {field.name for field in layout}
    if unknown:
        raise UnknownField(", ".join(sorted(unknown)))
    fields: list[FieldValue] = []
    for field in layout:
        if not field.is_in(version):
            continue
        value = values.get(field.name, field.default)
        if value is None or isinstance(value, str | int | float):
            fields.append(value)
        elif field.block:
            fields.extend(value)
        else:
            raise UnknownField(f"{field.name} takes one value")
    return fields
