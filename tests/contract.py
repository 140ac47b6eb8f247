"""Exchanges as kep-sandbox --log writes them, held against api/openapi.yaml.

    contract.hold(log)                 what was accepted, and every answer
    contract.hold(log, client=True)    also what was refused must have been a
                                       request of the contract
    contract.exercised([log, …])       the operationIds with a good answer

An answer may not say more than the contract lists: it is looked at more
strictly than a client should.
"""

import base64
import copy
import json
import os
import re

import jsonschema
import yaml

PATH = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(
    __file__))), "api", "openapi.yaml")

# Kinds of faults after which an answer is still one of the contract.
HONEST = {"slow", "status", "retry-after", "other-key", "other-person",
          "other-ca", "expired-certificate", "not-yet-valid", "no-profile",
          "no-chain"}

_METHODS = ("get", "post", "patch", "put", "delete")
_loaded = {}


class Violation(AssertionError):
    pass


def document():
    """The contract as it is written."""
    if "document" not in _loaded:
        with open(PATH, encoding="utf-8") as file:
            _loaded["document"] = yaml.load(file, yaml.CSafeLoader)
    return _loaded["document"]


def resolve(node):
    """A node that may be a reference."""
    while isinstance(node, dict) and "$ref" in node:
        at = document()
        for word in node["$ref"].lstrip("#/").split("/"):
            at = at[word]
        node = at
    return node


def _close(schema, root=True):
    """No properties but those that are listed, at every level. What stands in
    allOf is a part of its surroundings and closed with them."""
    if not isinstance(schema, dict):
        return
    if root and ("$ref" in schema or "properties" in schema or
                 "allOf" in schema):
        schema["unevaluatedProperties"] = False
    for one in schema.get("properties", {}).values():
        _close(one)
    _close(schema.get("items"))
    for one in schema.get("allOf", []):
        _close(one, False)


def _strict():
    """A copy of the contract whose answers are closed."""
    if "strict" not in _loaded:
        strict = copy.deepcopy(document())
        for schema in strict["components"]["schemas"].values():
            _close(schema, False)
        _loaded["strict"] = strict
    return _loaded["strict"]


def operations():
    """{operationId: (method, path, operation, parameters)}"""
    if "operations" not in _loaded:
        found = {}
        for path, item in document()["paths"].items():
            for method in _METHODS:
                if method in item:
                    operation = item[method]
                    parameters = item.get("parameters", []) + operation.get(
                        "parameters", [])
                    found[operation["operationId"]] = (
                        method.upper(), path, operation,
                        [resolve(one) for one in parameters])
        _loaded["operations"] = found
    return _loaded["operations"]


def _validator(schema, strict):
    """Of a part of the contract: the components go along, so that the
    references in it find them."""
    key = (json.dumps(schema, sort_keys=True), strict)
    if key not in _loaded:
        whole = _strict() if strict else document()
        schema = copy.deepcopy(schema)
        if strict:
            _close(schema)
        schema["components"] = {"schemas": whole["components"]["schemas"]}
        _loaded[key] = jsonschema.Draft202012Validator(schema)
    return _loaded[key]


def _no_twice(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Violation("a member of an object comes twice")
    return dict(pairs)


def check_value(schema, value, where, strict=False):
    """Violation where a value does not obey."""
    for error in _validator(schema, strict).iter_errors(value):
        raise Violation("%s: %s: %s" % (
            where, "/".join(map(str, error.absolute_path)), error.message))


def _check_json(content, text, where, strict):
    schema = content["application/json"]["schema"]
    try:
        value = json.loads(text, object_pairs_hook=_no_twice)
    except ValueError as error:
        raise Violation("%s: %s" % (where, error))
    check_value(schema, value, where, strict)
    if strict:
        _check_encodings(schema, value, where)


def _check_encodings(schema, value, where):
    schema = resolve(schema)
    if isinstance(value, str) and schema.get("contentEncoding") == "base64":
        try:
            base64.b64decode(value, validate=True)
        except ValueError:
            raise Violation(where + ": not base64")
    elif isinstance(value, dict):
        for word, one in value.items():
            _check_encodings(schema.get("properties", {}).get(word, {}), one,
                             where)
    elif isinstance(value, list):
        for one in value:
            _check_encodings(schema.get("items", {}), one, where)


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def check_request(exchange):
    """Violation where a request is none of its operation."""
    name = exchange["operation"]
    method, path, operation, parameters = operations()[name]
    where = "request of " + name
    headers = _lower(exchange["requestHeaders"])
    if exchange["method"] != method:
        raise Violation(where + ": method " + exchange["method"])
    pattern = "^/v1" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", path) + "$"
    words = re.match(pattern, exchange["path"])
    if not words:
        raise Violation(where + ": path " + exchange["path"])
    for parameter in parameters:
        given = {"path": words.groupdict(), "header": headers,
                 "query": {"type": exchange.get("queryType")}}[parameter["in"]]
        value = given.get(parameter["name"].lower() if parameter["in"] ==
                          "header" else parameter["name"])
        if value is not None:
            check_value(parameter["schema"], value,
                        where + ": " + parameter["name"])
        elif parameter.get("required"):
            raise Violation(where + ": without " + parameter["name"])
    if ("authorization" in headers) != (operation.get("security") != []):
        raise Violation(where + ": Authorization")
    _check_body(operation, exchange, where, headers)


def _check_body(operation, exchange, where, headers):
    body = resolve(operation.get("requestBody"))
    if "requestSize" in exchange:
        _check_file(body, exchange["requestSize"], where, headers)
        return
    text = exchange["requestBody"]
    if text == "":
        if body and body.get("required"):
            raise Violation(where + ": without a body")
        return
    if not body:
        raise Violation(where + ": with a body")
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise Violation(where + ": Content-Type")
    _check_json(body["content"], text, where, False)


def _check_file(body, size, where, headers):
    """The log has not the bytes, but how many they were."""
    kind = headers.get("content-type", "")
    if kind not in body["content"] or kind == "application/json":
        raise Violation(where + ": Content-Type " + kind)
    if not 0 < size <= body["content"][kind]["schema"]["maxLength"]:
        raise Violation(where + ": %d bytes" % size)


def check_answer(exchange):
    """Violation where an answer is none of its operation."""
    name, status = exchange["operation"], str(exchange["status"])
    where = "answer %s to %s" % (status, name)
    if name == "":
        response = document()["components"]["responses"]["NotFound"]
        if status != "404":
            raise Violation(where + ": for no operation")
    else:
        responses = operations()[name][2]["responses"]
        if status not in responses:
            raise Violation(where + ": the contract has no such status")
        response = resolve(responses[status])
    headers = _lower(exchange["responseHeaders"])
    for word, header in response.get("headers", {}).items():
        header = resolve(header)
        value = headers.get(word.lower())
        if value is None:
            raise Violation(where + ": without " + word)
        check_value(header["schema"], value, where + ": " + word)
    content = response.get("content")
    text = exchange["responseBody"]
    if content is None:
        if text != "":
            raise Violation(where + ": with a body")
        return
    kind = headers.get("content-type", "")
    if kind not in content:
        raise Violation(where + ": Content-Type " + kind)
    if kind == "application/json":
        _check_json(content, text, where, True)
    else:
        check_value(content[kind]["schema"], text, where)


def read(log):
    """The exchanges of a log."""
    with open(log, encoding="utf-8", errors="surrogateescape") as file:
        return [json.loads(line) for line in file]


def hold(log, client=False):
    """Every exchange of a log; the first violation is raised."""
    for exchange in read(log):
        if client and not exchange["operation"]:
            raise Violation("no operation: " + exchange["path"])
        if exchange["operation"] and (client or (
                exchange["status"] < 400 and "fault" not in exchange)):
            check_request(exchange)
        if exchange.get("fault", "slow") in HONEST:
            check_answer(exchange)


def exercised(logs):
    """The operationIds that some log has a good answer of."""
    return {exchange["operation"] for log in logs for exchange in read(log)
            if exchange["operation"] and exchange["status"] < 300 and
            "fault" not in exchange}
