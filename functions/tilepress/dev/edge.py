"""A request → the answer that CloudFront would give: by the functions, behaviours, headers and error pages of the template.

The functions are run as they stand there, in an interpreter of JavaScript. What is not played: caches and compression.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import quickjs

from tilepress.dev.stack import Stack

VIEWER_REQUEST = "viewer-request"
VIEWER_RESPONSE = "viewer-response"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def line(self) -> str:
        """The status as HTTP says it."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


Origin = Callable[[str], Answer]
"""An object's key → S3's answer: 200, or 403 for what is not there or may not be read."""


class Edge:
    """A distribution before a bucket."""

    def __init__(self, stack: Stack, origin: Origin) -> None:
        self._stack = stack
        self._origin = origin
        self._config = stack.properties("Distribution")["DistributionConfig"]
        self._functions: dict[str, quickjs.Function] = {}

    def answer(self, uri: str, query: str = "", host: str = "localhost") -> Answer:
        """The answer to a GET of this path, as it stands in the request line, quoted."""
        behaviour = self._behaviour(uri)
        request = {"method": "GET", "uri": uri, "querystring": _query(query), "headers": {"host": {"value": host}}, "cookies": {}}
        returned = self._run(behaviour, VIEWER_REQUEST, {"request": request})
        if "statusCode" in returned:
            return self._with_headers(behaviour, _answer(returned, b""))
        found = self._origin(unquote(returned["uri"]).lstrip("/"))
        if found.status >= HTTPStatus.BAD_REQUEST:  # then CloudFront calls no function
            return self._with_headers(behaviour, self._error(found))
        response = {"statusCode": found.status, "headers": {name: {"value": value} for name, value in found.headers.items()}, "cookies": {}}
        changed = self._run(behaviour, VIEWER_RESPONSE, {"request": returned, "response": response})
        return self._with_headers(behaviour, _answer(changed, found.body))

    def _behaviour(self, uri: str) -> Mapping[str, Any]:
        found = (one for one in self._config.get("CacheBehaviors", ()) if fnmatchcase(uri, one["PathPattern"]))
        default: Mapping[str, Any] = self._config["DefaultCacheBehavior"]
        return next(found, default)

    def _run(self, behaviour: Mapping[str, Any], event_type: str, event: dict[str, Any]) -> dict[str, Any]:
        """What the behaviour's function for this event returns; the request or response as it is when there is none."""
        names = {one["EventType"]: one["FunctionARN"]["Fn::GetAtt"][0] for one in behaviour.get("FunctionAssociations", ())}
        name = names.get(event_type)
        if name is None:
            unchanged: dict[str, Any] = event["response" if event_type == VIEWER_RESPONSE else "request"]
            return unchanged
        if name not in self._functions:
            code = self._stack.properties(name)["FunctionCode"]
            self._functions[name] = quickjs.Function("main", f"{code}\nfunction main(event) {{ return JSON.stringify(handler(JSON.parse(event))); }}")
        returned: dict[str, Any] = json.loads(
            self._functions[name](json.dumps({"version": "1.0", "context": {"eventType": event_type}} | event), run_gc=False)
        )
        return returned

    def _error(self, found: Answer) -> Answer:
        """The error page for this status; what the origin said where there is none."""
        pages = {int(one["ErrorCode"]): one for one in self._config.get("CustomErrorResponses", ())}
        if found.status not in pages:
            return found
        page = self._origin(pages[found.status]["ResponsePagePath"].lstrip("/"))
        return replace(page, status=int(pages[found.status]["ResponseCode"])) if page.status == HTTPStatus.OK else found

    def _with_headers(self, behaviour: Mapping[str, Any], answer: Answer) -> Answer:
        policy = self._stack.properties(behaviour["ResponseHeadersPolicyId"]["Ref"])["ResponseHeadersPolicyConfig"]
        removed = {one["Header"].lower() for one in policy["RemoveHeadersConfig"]["Items"]}
        kept = {name: value for name, value in answer.headers.items() if name not in removed}
        return replace(answer, headers=kept | dict(headers_of(policy)))


def headers_of(policy: Mapping[str, Any]) -> Mapping[str, str]:
    """The headers that a response headers policy adds."""
    security = policy["SecurityHeadersConfig"]
    return {
        "content-security-policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "x-content-type-options": "nosniff",
        "x-frame-options": security["FrameOptions"]["FrameOption"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "strict-transport-security": f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
    } | {one["Header"].lower(): one["Value"] for one in policy["CustomHeadersConfig"]["Items"]}


def _query(query: str) -> dict[str, Any]:
    """A query as CloudFront hands it to functions: quoted, and with `multiValue` where a name is repeated."""
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {
        name: {"value": found[-1]} | ({"multiValue": [{"value": one} for one in found]} if len(found) > 1 else {}) for name, found in values.items()
    }


def _answer(returned: Mapping[str, Any], body: bytes) -> Answer:
    return Answer(int(returned["statusCode"]), {name: one["value"] for name, one in returned["headers"].items()}, body)
