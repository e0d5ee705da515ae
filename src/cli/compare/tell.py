"""Tells what a run of ansible-playbook comes to, task by task, as lines of JSON on the descriptor that HULLWRIGHT_TELL names.

Failures end nothing, except where a rescue waits for them: so all tasks are seen. In check mode, commands that say
`changed_when: false` are run, as hullwright's plan runs them.
"""
import json
import os

from ansible.module_utils._text import to_text
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.playbook.block import Block
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: hullwright_tell
    type: stdout
    short_description: results as lines of JSON
"""

COMMANDS = ("command", "shell", "script", "raw")


def has_rescue(task):
    """Whether a rescue around the task takes care of its failure."""
    part = task._parent
    while part is not None:
        if isinstance(part, Block) and part.rescue:
            return True
        part = part._parent
    return False


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "hullwright_tell"

    def put(self, line):
        data = (json.dumps(line, cls=AnsibleJSONEncoder) + "\n").encode()
        while data:
            data = data[os.write(int(os.environ["HULLWRIGHT_TELL"]), data):]

    def tell(self, status, result):
        task = result._task
        told = {"host": result._host.get_name(), "task": task.get_name().strip(), "module": task.action, "status": status}
        self.put({**told, "place": task.get_path(), "result": result._result})

    def v2_playbook_on_task_start(self, task, is_conditional):
        if not has_rescue(task):
            task.ignore_errors = True
        if task.action.rpartition(".")[2] in COMMANDS and task.changed_when == [False]:
            task.check_mode = False

    def v2_playbook_on_handler_task_start(self, task):
        self.v2_playbook_on_task_start(task, False)

    def v2_runner_on_ok(self, result):
        self.tell("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.tell("failed", result)

    def v2_runner_on_skipped(self, result):
        self.tell("skipped", result)

    def v2_runner_on_unreachable(self, result):
        self.tell("unreachable", result)

    def v2_playbook_on_stats(self, stats):
        self.put({"hosts": [to_text(host) for host in stats.processed]})
