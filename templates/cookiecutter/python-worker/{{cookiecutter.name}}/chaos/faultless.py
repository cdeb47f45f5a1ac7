"""A Chaos Toolkit control: an experiment whose fault could not be made has shown nothing, and fails."""

from __future__ import annotations

from chaoslib.exceptions import InterruptExecution


def after_activity_control(context: dict, state: dict, **_: object) -> None:
    """Interrupt the experiment if an action failed, which Chaos Toolkit itself would only note."""
    if context.get("type") == "action" and state.get("status") == "failed":
        raise InterruptExecution(f"{context['name']} could not be done: {(state.get('exception') or [''])[-1].strip()}")
