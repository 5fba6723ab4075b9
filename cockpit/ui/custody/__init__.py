"""The custody ribbon and the forecast of a sign-in, as widgets that any pane can hold."""
