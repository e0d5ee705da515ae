"""Tells every result of a run as one line of JSON, and last the recap."""
import json

from ansible.module_utils._text import to_text
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: tell
    type: stdout
    short_description: results as lines of JSON
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "tell"

    def tell(self, status, result, ignored=False):
        """One line: the host, the task as it is called once its name is rendered, and what it came to."""
        task = result._task
        line = {"host": result._host.get_name(), "task": task.get_name().strip(), "action": task.action, "status": status, "ignored": ignored, "result": result._result}
        self._display.display(json.dumps(line, cls=AnsibleJSONEncoder))

    def v2_runner_on_ok(self, result):
        self.tell("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.tell("failed", result, ignore_errors)

    def v2_runner_on_skipped(self, result):
        self.tell("skipped", result)

    def v2_runner_on_unreachable(self, result):
        self.tell("unreachable", result)

    def v2_playbook_on_stats(self, stats):
        recap = {to_text(host): stats.summarize(host) for host in stats.processed}
        self._display.display(json.dumps({"recap": recap}))
