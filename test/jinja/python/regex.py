"""Python's re over many patterns: reads cases as JSON, answers with all that it finds."""
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
FLAGS = {"ignoreCase": re.I, "multiline": re.M, "dotAll": re.S, "verbose": re.X, "ascii": re.A}


def spans(found):
    return found and [list(found.span(number)) for number in range(found.re.groups + 1)]


def answer(case):
    flags = 0
    for name in case["flags"]:
        flags |= FLAGS[name]
    try:
        pattern = re.compile(case["pattern"], flags)
    except (re.error, OverflowError, RecursionError, ValueError):
        return {"error": True}
    text = case["text"]
    told = {
        "all": [spans(found) for found in pattern.finditer(text)],
        "match": spans(pattern.match(text)),
        "full": spans(pattern.fullmatch(text)),
    }
    try:
        told["replaced"] = list(pattern.subn(case["replacement"], text))
    except (re.error, IndexError):
        told["replaced"] = None
    return told


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
