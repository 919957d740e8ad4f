"""Takes attack vectors out of a Python package without running any of it.

usage: xss_vectors.py WHEEL

Every string that stands as `payload="..."` in a call is a vector. They are printed as one JSON array, each
once, in the order of files and lines.
"""

import ast
import json
import sys
import zipfile


def vectors(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg == "payload" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def main():
    found = {}
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for name in sorted(wheel.namelist()):
            if name.endswith(".py"):
                for vector in vectors(wheel.read(name).decode("utf-8", "replace")):
                    found.setdefault(vector)
    json.dump(list(found), sys.stdout)


main()
