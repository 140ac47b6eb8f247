#!/usr/bin/python3
"""The contract, api/openapi.yaml, is sound in itself, and what breaks it is
found. That the sandbox keeps to it is in sandbox_test.py."""

import re

import jsonschema

import contract
import harness
from harness import case, same, true, within

ERRORS = {"400", "429", "413", "500", "503"}


def schemas(node, path=""):
    """Every schema below a node, with its place."""
    if isinstance(node, dict):
        if "type" in node and isinstance(node["type"], str) or \
                "properties" in node:
            yield path, node
        for word, one in node.items():
            yield from schemas(one, "%s/%s" % (path, word))
    elif isinstance(node, list):
        for i, one in enumerate(node):
            yield from schemas(one, "%s/%d" % (path, i))


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


@case
def every_reference_leads_somewhere_and_every_part_is_used():
    used = set(references(contract.document()))
    for reference in used:
        contract.resolve({"$ref": reference})
    for kind, parts in contract.document()["components"].items():
        if kind == "securitySchemes":
            continue
        for name in parts:
            within("#/components/%s/%s" % (kind, name), used)


@case
def every_schema_is_one_of_json_schema():
    for name, schema in contract.document()["components"][
            "schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        same(schema.get("nullable"), None, name)


@case
def everything_has_a_maximum():
    document = contract.document()
    for path, schema in schemas({key: document[key]
                                 for key in ("paths", "components")}):
        kind = schema.get("type")
        if kind == "string" and "enum" not in schema and \
                "securitySchemes" not in path:
            true("maxLength" in schema or "{1,5}" in schema.get("pattern", ""),
                 path)
            true("pattern" in schema or "text~1plain" in path or
                 "text/plain" in path, path)
        elif kind == "array":
            true("maxItems" in schema and "items" in schema, path)
        elif kind == "integer":
            true("minimum" in schema and "maximum" in schema, path)
        for word in schema.get("required", []):
            if "properties" in schema and "allOf" not in path:
                within(word, schema["properties"], path)


@case
def requests_are_closed():
    document = contract.document()
    bodies = [operation["requestBody"] for _, _, operation, _ in
              contract.operations().values() if "requestBody" in operation]
    for body in bodies:
        content = contract.resolve(body)["content"]
        if "application/json" not in content:  # a file
            same({one["schema"]["maxLength"] for one in content.values()},
                 {10 * 1024 * 1024})
            continue
        schema = contract.resolve(content["application/json"]["schema"])
        same(schema["additionalProperties"], False)
        same(schema["type"], "object")
    same(document["components"]["schemas"]["DataChange"][
        "additionalProperties"], False)


@case
def every_operation_says_how_it_may_fail():
    for name, (method, path, operation, parameters) in \
            contract.operations().items():
        statuses = set(operation["responses"])
        true(ERRORS <= statuses, (name, ERRORS - statuses))
        signed_in = operation.get("security") != []
        same("401" in statuses, signed_in or name == "refreshSession", name)
        same("404" in statuses, "{formId}" in path, name)
        same("412" in statuses, any(one["name"] == "If-Match"
                                    for one in parameters), name)
        for status, response in operation["responses"].items():
            response = contract.resolve(response)
            within("X-Trace-Id", response["headers"], (name, status))
            same("Retry-After" in response["headers"],
                 status in ("429", "503"), (name, status))
        for word in re.findall(r"\{(\w+)\}", path):
            true(any(one["name"] == word and one["in"] == "path"
                     for one in parameters), name)


def violates(exchange, **changes):
    changed = dict(exchange, **changes)
    check = contract.check_answer if "responseBody" in changes or \
        "status" in changes or "responseHeaders" in changes \
        else contract.check_request
    try:
        check(changed)
    except contract.Violation:
        return
    raise AssertionError("not a violation: %r" % changes)


@case
def violations_are_found():
    good = {
        "operation": "signIn", "method": "POST",
        "path": "/v1/auth/sms/%s/confirm" % ("0" * 32),
        "requestHeaders": {"Content-Type": "application/json"},
        "requestBody": '{"code":"123456"}', "status": 200,
        "responseHeaders": {"X-Trace-Id": "0" * 32,
                            "Content-Type": "application/json"},
        "responseBody": '{"sid":"%s","refreshToken":"%s",'
                        '"expiresAt":"2026-01-01T00:00:00Z"}' % (
                            "0" * 64, "1" * 64)}
    contract.check_request(good)
    contract.check_answer(good)
    for changes in (
            {"method": "GET"}, {"path": "/v1/auth/sms/0/confirm"},
            {"path": "/auth/sms/%s/confirm" % ("0" * 32)},
            {"requestHeaders": {}},
            {"requestHeaders": {"Content-Type": "text/plain"}},
            {"requestHeaders": dict(good["requestHeaders"],
                                    Authorization="…")},
            {"requestBody": ""}, {"requestBody": "{}"},
            {"requestBody": '{"code":"12345"}'},
            {"requestBody": '{"code":123456}'},
            {"requestBody": '{"code":"123456","a":1}'},
            {"requestBody": '{"code":"123456","code":"123456"}'},
            {"status": 201}, {"status": 404}, {"status": 418},
            {"responseHeaders": {"Content-Type": "application/json"}},
            {"responseHeaders": {"X-Trace-Id": "0" * 32}},
            {"responseBody": ""}, {"responseBody": "{}"},
            {"responseBody": good["responseBody"][:-1]},
            {"responseBody": good["responseBody"][:-1] + ',"more":1}'},
            {"responseBody": good["responseBody"].replace("0Z", "0")}):
        violates(good, **changes)


@case
def violations_of_a_file_are_found():
    good = {
        "operation": "sendDocument", "method": "POST",
        "path": "/v1/certificate-forms/%s/documents/passport" % ("0" * 32),
        "requestHeaders": {"Content-Type": "image/jpeg", "Authorization": "…",
                           "If-Match": '"%s"' % ("0" * 32)},
        "requestSize": 10 * 1024 * 1024}
    contract.check_request(good)
    for changes in ({"requestSize": 0}, {"requestSize": 10 * 1024 * 1024 + 1},
                    {"path": good["path"][:-8] + "photo"},
                    {"requestHeaders": dict(good["requestHeaders"], **{
                        "Content-Type": "application/json"})},
                    {"requestHeaders": dict(good["requestHeaders"], **{
                        "Content-Type": "image/gif"})}):
        violates(good, **changes)


@case
def violations_deep_in_an_answer_are_found():
    listed = {
        "operation": "listCertificates", "method": "GET",
        "path": "/v1/certificates", "requestBody": "", "status": 200,
        "requestHeaders": {"Authorization": "…"},
        "responseHeaders": {"X-Trace-Id": "0" * 32,
                            "Content-Type": "application/json"},
        "responseBody": '{"certificates":[{"thumbprint":"%s",'
                        '"serialNumber":"01","issuer":"x","subject":'
                        '{"commonName":"y"},"notBefore":'
                        '"2026-01-01T00:00:00Z","notAfter":'
                        '"2026-01-01T00:00:00Z","keyNotAfter":'
                        '"2026-01-01T00:00:00Z","state":"Valid","renewal":'
                        '{"available":true,"mode":"express"}}]}' % ("0" * 40)}
    contract.check_request(listed)
    contract.check_answer(listed)
    for old, new in (('"y"', '"y","more":"z"'), ('"y"', '"\\u001b"'),
                     ('"mode":', '"more":1,"mode":'), ("true", "false"),
                     ("Valid", "valid"), ('"x"', "7"),
                     ('"available":true,', "")):
        violates(listed, responseBody=listed["responseBody"].replace(old,
                                                                     new))
    violates(listed, requestHeaders={})
    violates(listed, requestBody="{}")


harness.main()
