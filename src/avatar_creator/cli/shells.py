"""How candidates reach bash, zsh, fish and PowerShell, through the scripts that --install-completion writes.

typer quotes for none of the four what each would read as code: zsh evaluates values and help texts, and a backslash
that stands before a dollar sign undoes typer's own; bash and PowerShell insert a value as it is. So each line is made
here, of text that needs no quotes but for its spaces.
"""

import os

from typer._click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from typer._completion_classes import BashComplete, FishComplete, PowerShellComplete, ZshComplete

from avatar_creator.cli.options.completion import harmless, is_plain

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


class _Plain(ShellComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        offered = super().get_completions(args, incomplete)
        return [
            CompletionItem(item.value, help=harmless(item.help or "")) for item in offered if _is_word(str(item.value))
        ]


def _is_word(value: str) -> bool:
    return is_plain(value.lstrip("-"))  # an option is offered by the program alone


class Bash(_Plain, BashComplete):
    def format_completion(self, item: CompletionItem) -> str:
        value = str(item.value)
        return value if self._in_quotes() else value.replace(" ", "\\ ")

    @staticmethod
    def _in_quotes() -> bool:
        words, at = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        return at < len(words) and words[at][:1] in ("'", '"')


class Zsh(_Plain, ZshComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return f'"{item.value}":"{item.help}"' if item.help else f'"{item.value}"'


class Fish(_Plain, FishComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


class PowerShell(_Plain, PowerShellComplete):
    def format_completion(self, item: CompletionItem) -> str:
        value = f"'{item.value}'" if " " in item.value else item.value
        return f"{value}:::{item.help or ' '}"  # PowerShell takes no empty help


def register() -> None:
    """Have typer ask these classes, not its own."""
    for name, shell in zip(SHELLS, (Bash, Zsh, Fish, PowerShell, PowerShell), strict=True):
        add_completion_class(shell, name)
