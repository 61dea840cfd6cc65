"""The command line: `tilepress --help` lists its commands, each a function in `commands/`.

Exit codes: 0 fine, 1 problems found, 2 wrong usage.
"""

import typer

from tilepress.commands.bucket import history, preview, rebuild, rollback, status, sync, verify
from tilepress.commands.folder import build, check, dev, new, schema

app = typer.Typer(name="tilepress", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")


@app.callback()
def main() -> None:
    """Upload a Markdown file; a second later its page is live. These commands do the same on this machine."""


for command in (build, check, dev, sync, status, preview, history, rollback, verify, rebuild, new, schema):
    app.command()(command)

if __name__ == "__main__":
    app()
