"""The ids of what the cockpit offers to do about device trust, each the same wherever it is offered."""

from __future__ import annotations

from cockpit.domain.remedy import Remedy

RUN_CHECK = "run-check"
OPEN_SETTINGS = "open-settings"
SHOW_PLAYBOOK = "pane-6"  # the ids of panes are their numbers
TRUST_CERTIFICATE = "trust-certificate"
UNLOCK_VAULT = "unlock-vault"
SHOW_GATEWAY_LINES = "show-gateway-lines"  # the lines of conf.yaml that close the gateway's door
SHOW_DESK_CERTIFICATE = "show-desk-certificate"  # how the gateway gets a certificate of the desk's own
SHOW_API_SETTINGS = "show-api-settings"  # what to tick in TWS, shown and never written
PROVE_FACTOR = "prove-factor"  # about: the subject, such as factor/<name>
PROVE_RECOVERY = "prove-recovery"
LOOK_AFTER = "look-after"  # about: the subject
EDIT_REGISTER = "edit-register"  # about: the key of the row
PRINT_RUNBOOK = "print-runbook"
WALK_DRILL = "walk-drill"  # about: the key of the drill
READ_LAUNCHER_LOGS = "name-launcher-logs"

LOOK_AGAIN = Remedy("Run the check again: it looks at this PC and its ports.", RUN_CHECK)
