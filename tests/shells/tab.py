"""Type a line and TAB in a real shell, press Enter, and tell the words that the program then gets.

    tab.py bash|zsh|fish DIR PATH < cases    DIR has the completions, PATH the programs; a case is a line

Each case is answered by one line of JSON: a list of words, or null where nothing came in time.
"""

import json
import os
import pty
import re
import select
import sys
import time

PROMPT = "READY:"
ANSWER = re.compile(r"GOT(\[.*?\])TOG")


def setup(shell, directory):
    """How the shell is started, and what it is told first."""
    alias = "alias emerge='bincheck --emerge'"
    if shell == "bash":
        return ["bash", "--norc", "--noprofile", "-i"], [
            "bind 'set bell-style none'", "bind 'set completion-query-items 0'", "bind 'set page-completions off'",
            "bind 'set enable-bracketed-paste off'", alias, f"source {directory}/bincheck.bash", f"PS1={PROMPT}"]
    if shell == "zsh":
        return ["zsh", "-f", "-i"], [
            f"fpath=({directory} $fpath)", "autoload -Uz compinit", "compinit -u -D", "unsetopt beep", "LISTMAX=1000",
            alias, f"PS1={PROMPT}", "PROMPT_SP=", "unsetopt prompt_sp"]
    return ["fish", "--no-config", "-i"], [
        "set -g fish_greeting", "function fish_right_prompt; end", "set -g fish_autosuggestion_enabled 0",
        alias, f"source {directory}/bincheck.fish", f"function fish_prompt; echo -n {PROMPT}; end"]


class Shell:
    def __init__(self, shell, directory, path):
        argv, first = setup(shell, directory)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = dict(os.environ, PATH=path, TERM="xterm", COLUMNS="120", LINES="50", HISTFILE="/dev/null")
            os.execvpe(argv[0], argv, environment)
        self.text = ""
        self.read_for(1.0)
        for line in first:
            self.send(line + "\r")
            self.read_for(0.15)

    def send(self, text):
        os.write(self.fd, text.encode())

    def read_for(self, seconds, until=None):
        """Read for so long, or until the text has a match; fish asks its terminal what it is."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.fd], [], [], left)
            if not ready:
                break
            try:
                got = os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                return None
            self.text += got
            if "\x1b[c" in got or "\x1b[0c" in got:
                self.send("\x1b[?62;c")
            if "\x1b[6n" in got:
                self.send("\x1b[1;1R")
            if until and (match := until.search(self.text)):
                return match
        return None

    def complete(self, line):
        self.text = ""
        self.send(line + "\t")
        self.read_for(0.7)
        self.send("\r")
        match = self.read_for(5.0, ANSWER)
        if not match:
            self.send("\x03")
            self.read_for(0.3)
            return None
        return json.loads(match.group(1))


def main():
    shell = Shell(*sys.argv[1:4])
    for line in sys.stdin.read().splitlines():
        answer = shell.complete(line)
        if answer is None and os.environ.get("SHOW"):
            print(repr(shell.text), file=sys.stderr)
        print(json.dumps(answer), flush=True)
    os.close(shell.fd)


main()
