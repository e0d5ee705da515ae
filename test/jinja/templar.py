"""Renders values of a playbook with Ansible's own templating layer, lookups included.

Reads JSON from standard input: {"folder": ..., "native": bool, "cases": [{"value": YAML, "vars": YAML}, ...]}.
Writes JSON: [{"value": ...} or {"error": ...}, ...]; what JSON has no value for is told by its text.
"""
import json
import os
import sys
import warnings

ASKED = json.load(sys.stdin)
os.environ["ANSIBLE_JINJA2_NATIVE"] = str(ASKED["native"])
os.environ["ANSIBLE_DEPRECATION_WARNINGS"] = "false"
os.environ["ANSIBLE_LOCALHOST_WARNING"] = "false"
warnings.simplefilter("ignore")

from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import AnsibleUndefined, Templar  # noqa: E402

LOADER = DataLoader()
LOADER.set_basedir(ASKED["folder"])


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, AnsibleUndefined):
        raise ValueError("undefined inside of a value")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def render(case):
    """The value of one case, or its error."""
    try:
        variables = dict(LOADER.load(case["vars"] or "{}"), playbook_dir=ASKED["folder"], ansible_search_path=[ASKED["folder"]])
        return {"value": plain(Templar(loader=LOADER, variables=variables).template(LOADER.load(case["value"], json_only=False)))}
    except Exception as error:  # whatever it is: the case is an error
        return {"error": "%s: %s" % (type(error).__name__, error)}


json.dump([render(case) for case in ASKED["cases"]], sys.stdout)
