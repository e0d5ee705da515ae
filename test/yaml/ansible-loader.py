"""Reads YAML texts as Ansible reads its files.

Reads a JSON list of texts; answers for each a list that holds its value, in a form that keeps the kinds of keys and numbers apart, or "error".
"""
import json
import sys
import warnings

from ansible.parsing.utils.yaml import from_yaml
from ansible.utils.display import Display

Display.warning = lambda *_args, **_named: None
warnings.simplefilter("ignore")


def plain(value):
    if isinstance(value, dict):
        return {"map": [[plain(key), plain(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return {"float": str(value) if value != value or value in (float("inf"), float("-inf")) else value}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, set):
        return {"set": sorted(map(str, value))}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return str(value)
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def read(text):
    try:
        return [plain(from_yaml(text, "text"))]
    except Exception:
        return "error"


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
