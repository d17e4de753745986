"""Holds answers of a node against docs/openapi.yaml."""

import os
import re
import threading
from urllib.parse import urlsplit

import jsonschema_rs
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE = os.path.join(ROOT, "docs", "openapi.yaml")
METHODS = ("get", "put", "post", "patch", "delete")


class Contract:
    """The file, with a count of what was held against it. Threads may share one."""

    def __init__(self, path=FILE):
        with open(path, encoding="utf-8") as file:
            # The loader in C, where the package has it, takes a tenth of the time.
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            self.document = yaml.load(file, loader)
        self.templates = []
        for template, item in self.document["paths"].items():
            names = re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(template))
            # A plain segment goes before one that is filled in.
            rank = [part.startswith("{") for part in template.split("/")]
            self.templates.append((rank, re.compile(names), template, item))
        self.templates.sort(key=lambda entry: entry[0])
        self.validators = {}
        self.lock = threading.Lock()
        self.answers = 0
        self.problems = []
        # (method, template) → the statuses that were seen.
        self.seen = {}

    def operations(self):
        return {(method, template) for template, item in self.document["paths"].items()
                for method in METHODS if method in item}

    def observe(self, method, target, status, headers, value):
        """Keeps what is wrong with an answer; `value` is the decoded body."""
        found = self.judge(method, target, status, headers, value)
        with self.lock:
            self.answers += 1
            self.problems += [f"{method} {target}: {status}: {problem}" for problem in found]

    def judge(self, method, target, status, headers, value):
        path = urlsplit(target).path.removesuffix(".json")
        verb = "get" if method == "HEAD" else method.lower()
        template, item = self._path(path)
        # The door asks for a login, and counts requests, before it looks at the path.
        if status in (401, 403, 429) and (item is None or verb not in item):
            return []
        if item is None:
            return [] if status == 404 else ["the path is not described"]
        if verb not in item:
            return [] if status == 405 and "Allow" in headers else ["the method is not described"]
        with self.lock:
            self.seen.setdefault((verb, template), set()).add(status)
        answer = self._resolved(item[verb]["responses"].get(str(status)))
        if answer is None:
            return ["the status is not described"]
        found = [f"the header {name} is missing" for name, header in
                 answer.get("headers", {}).items()
                 if self._resolved(header).get("required") and name not in headers]
        if method != "HEAD":
            found += self._body((template, verb, status), answer, headers, value)
        return found

    def judge_notice(self, headers, value):
        """What is wrong with a notice to a receiver; names of headers are in lower case."""
        post = self.document["webhooks"]["notice"]["post"]
        found = [f"the header {each['name']} is missing" for each in post["parameters"]
                 if each["name"].lower() not in headers]
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        errors = self._validator(("notice",), schema).iter_errors(value)
        return found + [_told(error) for error in errors]

    def _path(self, path):
        for _, pattern, template, item in self.templates:
            if pattern.fullmatch(path):
                return template, item
        return None, None

    def _body(self, key, answer, headers, value):
        kinds = answer.get("content")
        if kinds is None:
            return [] if value is None else ["there is a body where none is described"]
        kind = (headers.get("Content-Type") or "").partition(";")[0]
        if kind not in kinds:
            return [f"the content type is {kind or 'missing'}"]
        if kind != "application/json":
            return []
        error = next(self._validator(key, kinds[kind]["schema"]).iter_errors(value), None)
        return [] if error is None else [_told(error)]

    def _validator(self, key, schema):
        with self.lock:
            if key not in self.validators:
                whole = {"allOf": [schema], "components": self.document["components"]}
                self.validators[key] = jsonschema_rs.Draft202012Validator(
                    whole, validate_formats=True)
            return self.validators[key]

    def _resolved(self, part):
        while isinstance(part, dict) and "$ref" in part:
            found = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part


def _told(error):
    place = "/".join(str(part) for part in error.instance_path)
    return f"at /{place}: {' '.join(str(error.message).split())[:300]}"
