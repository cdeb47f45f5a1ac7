"""A check's documentation as text for a person."""

from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from handrail.terminal import console, show, write
from scorecards.check import Check
from scorecards.documentation import sections
from scorecards.standing import STAGES


def write_documentation(check: Check) -> None:
    """The title, where it stands on the scorecard, and each section."""
    kind = "required" if check.required else "recommended"
    write(Text.assemble((check.id, "bold"), f"  {check.title}"))
    stands = f"Stage {check.stage}, {STAGES[check.stage]}; {kind}; weight {check.weight:g}."
    if check.excepted:
        stands += f" Does not apply to: {', '.join(t.replace('-', ' ') for t in sorted(check.excepted))}."
    write(stands)
    if check.params:
        given = ", ".join(f"{name} = {value!r}" for name, value in sorted(check.params.items()))
        write(f"Parameters: {given}.")
    for heading, text in sections(check).items():
        write()
        write(heading, "bold")
        if console().is_terminal:
            show(Padding(Markdown(text, code_theme="bw"), (0, 0, 0, 2)))
        else:
            for line in text.split("\n"):
                write(line, indent=2) if line else write()
