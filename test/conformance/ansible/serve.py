"""Runs ansible-playbook many times, each in a fork of a process that has it loaded, which saves a second a run.

Reads lines of JSON: {"id": ..., "args": [...], "out": FILE, "native": BOOLEAN}. A run writes all that it prints to FILE, and tells its end
by a line "ID CODE" on standard output.
"""
import json
import os
import signal
import sys
import traceback

import ansible.constants
import ansible.executor.playbook_executor  # noqa: F401  what every run needs
from ansible.cli.playbook import PlaybookCLI
from ansible.plugins import loader


def run(args, out, native):
    """Answers the exit code of ansible-playbook; native: values keep their types."""
    ansible.constants.DEFAULT_JINJA2_NATIVE = native
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (1, 2):
        os.dup2(out, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        PlaybookCLI.cli_executor(["ansible-playbook", *args])
    except SystemExit as end:
        return end.code or 0
    except BaseException:  # whatever it is: the run is broken
        traceback.print_exc()
    return 250


def main():
    """One fork a line; nobody waits for them, as they tell their ends themselves."""
    for plugins in (loader.action_loader, loader.connection_loader, loader.shell_loader, loader.become_loader, loader.lookup_loader, loader.strategy_loader, loader.filter_loader, loader.test_loader):
        list(plugins.all(class_only=True))  # else every task of every run loads its own
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            tell = os.dup(1)
            code = run(order["args"], os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), order["native"])
            sys.stdout.flush()
            sys.stderr.flush()
            os.write(tell, f"{order['id']} {code}\n".encode())
            os._exit(0)


if __name__ == "__main__":
    main()
