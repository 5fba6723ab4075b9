"""The API socket of TWS and IB Gateway."""
