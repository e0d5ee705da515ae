"""Renders a list of cases with the real Jinja2 and Ansible's own filters and tests.

Reads JSON from standard input: {"cases": [{"template": ..., "vars": ..., "files": {...}}, ...]}, or {"names": true}.
Writes JSON: [{"text": ...} or {"error": ...}, ...], or the names of all filters, tests and globals.
"""
import json
import sys
import warnings

import jinja2
from ansible.plugins.filter import core, encryption, mathstuff, urls, urlsplit
from ansible.plugins.test import core as test_core, files as test_files, mathstuff as test_mathstuff, uri as test_uri
from ansible.template import AnsibleUndefined, _fail_on_undefined, _unroll_iterator

def finalize(value):
    """None prints as nothing, generators as lists."""
    _fail_on_undefined(value)
    if hasattr(value, "__next__") or type(value).__name__ in ("dict_items", "dict_keys", "dict_values", "range", "set"):
        value = list(value)
    return "" if value is None else value


def environment(files, options):
    """One environment a case, as the cases may have files to include."""
    edges = {"%s_%s_string" % (kind, side): text for kind, pair in options.get("edges", {}).items() for side, text in zip(("start", "end"), pair)}
    env = jinja2.Environment(
        **edges,
        undefined=AnsibleUndefined,
        trim_blocks=options.get("trim_blocks", True),
        lstrip_blocks=options.get("lstrip_blocks", False),
        finalize=finalize,
        loader=jinja2.DictLoader(files),
    )
    for module in (core, encryption, mathstuff, urls, urlsplit):
        for name, func in module.FilterModule().filters().items():
            env.filters[name] = _unroll_iterator(func)
    for name in ("map", "select", "reject", "selectattr", "rejectattr", "batch", "slice"):
        env.filters[name] = _unroll_iterator(env.filters[name])
    for module in (test_core, test_mathstuff, test_files, test_uri):
        env.tests.update(module.TestModule().tests())
    return env


PLAIN = environment({}, {})


def newlines(text):
    return len(text) - len(text.rstrip("\n"))


def render(case):
    """The text of one case, or its error."""
    try:
        plain = not case.get("files") and not case.get("options")
        env = PLAIN if plain else environment(case.get("files", {}), case.get("options", {}))
        source = case["template"]
        text = env.from_string(source).render(case.get("vars", {}))
        return {"text": text + "\n" * max(0, newlines(source) - newlines(text))}
    except Exception as error:  # whatever it is: the case is an error
        return {"error": "%s: %s" % (type(error).__name__, error)}


def main():
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    if asked.get("names"):
        json.dump({"filters": sorted(PLAIN.filters), "tests": sorted(PLAIN.tests), "globals": sorted(PLAIN.globals)}, sys.stdout)
        return
    json.dump([render(case) for case in asked["cases"]], sys.stdout)


if __name__ == "__main__":
    main()
