"""A client of the agent API that uses nothing but the standard library and trusts one CA file."""

import base64
import http.client
import json
import ssl
import threading
import time
import urllib.parse


class APIFailure(Exception):
    """The node answered with an error."""

    def __init__(self, method, path, status, body):
        self.status = status
        self.body = body
        super().__init__(f"{method} {path}: {status} {json.dumps(body, ensure_ascii=False)[:400]}")

    @property
    def name(self):
        """The error's name in the answer, such as `StorageFull`."""
        return self.body.get("error") if isinstance(self.body, dict) else str(self.body)


class Unacknowledged(Exception):
    """No answer came: the write may have happened or not."""


class DeskAPI:
    """One user at one node. Threads may share it; each gets its own connection.

    Without an e-mail address the token is sent as a bearer token.
    """

    # Where set: told of every answer, as (method, path, status, headers, decoded body).
    observer = None

    def __init__(self, url, email, token, ca, timeout=20.0):
        parts = urllib.parse.urlsplit(url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname, parts.port
        self.url, self.email, self.token, self.ca = url, email, token, ca
        self.timeout = timeout
        secret = base64.b64encode(f"{email}/token:{token}".encode()).decode()
        access = f"Basic {secret}" if email is not None else f"Bearer {token}"
        self.headers = {"Authorization": access, "Accept": "application/json"}
        self.context = None
        if self.scheme == "https":
            # Host name verification is on: a node that shows another name is not talked to.
            self.context = ssl.create_default_context(cafile=ca)
        self.local = threading.local()

    # Requests

    def request(self, method, path, body=None, headers=None):
        """The status, the decoded JSON (None where empty) and the headers.

        Reads are tried twice, since a kept-alive connection may have been closed; writes once.
        """
        tries = 2 if method == "GET" else 1
        for attempt in range(tries):
            try:
                return self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException, ssl.SSLError) as error:
                self.close()
                if attempt + 1 == tries:
                    raise Unacknowledged(f"{method} {path}: {error!r}") from error
        raise AssertionError("not reached")

    def _once(self, method, path, body, headers):
        connection = self._connection()
        data = None
        sent = dict(self.headers)
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection.request(method, path, body=data, headers=sent)
        response = connection.getresponse()
        raw = response.read()
        self.local.used = time.monotonic()
        if response.will_close:
            self.close()
        kind = response.headers.get("Content-Type", "")
        value = raw.decode("utf-8", "replace")
        if raw and "json" in kind:
            value = json.loads(raw)
        value = value if raw else None
        if DeskAPI.observer is not None:
            DeskAPI.observer(method, path, response.status, response.headers, value)
        return response.status, value, response.headers

    def _connection(self):
        connection = getattr(self.local, "connection", None)
        # The node closes idle connections after 15 s; a write is never sent into one that may be
        # closing, because it could not be repeated.
        if connection is not None and time.monotonic() - self.local.used > 8:
            self.close()
            connection = None
        if connection is None:
            if self.context is not None:
                connection = http.client.HTTPSConnection(
                    self.host, self.port, timeout=self.timeout, context=self.context)
            else:
                connection = http.client.HTTPConnection(
                    self.host, self.port, timeout=self.timeout)
            self.local.connection = connection
            self.local.used = time.monotonic()
        return connection

    def close(self):
        connection = getattr(self.local, "connection", None)
        if connection is not None:
            connection.close()
            self.local.connection = None

    def call(self, method, path, body=None, expect=(200, 201, 204)):
        """The decoded answer; anything but the expected status raises APIFailure."""
        status, value, _ = self.request(method, path, body)
        if status not in expect:
            raise APIFailure(method, path, status, value)
        return value

    def get(self, path, **query):
        return self.call("GET", with_query(path, query))

    def post(self, path, body=None):
        return self.call("POST", path, body if body is not None else {})

    def put(self, path, body):
        return self.call("PUT", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    # Lists

    def pages(self, path, key, size=100, **query):
        """Every row of a list, by cursor paging; follows links.next verbatim."""
        query["page[size]"] = size
        link = with_query(path, query)
        while link:
            answer = self.call("GET", link)
            yield from answer[key]
            more = answer["meta"]["has_more"]
            link = self._path_of(answer["links"]["next"]) if more else None

    def _path_of(self, link):
        parts = urllib.parse.urlsplit(link)
        if parts.hostname != self.host or parts.port != self.port:
            raise AssertionError(f"links.next names another host than the client used: {link}")
        return parts.path + ("?" + parts.query if parts.query else "")

    # Everyday calls

    def health(self):
        status, value, _ = self.request("GET", "/health")
        return status, value

    def metrics(self):
        status, text, _ = self.request("GET", "/metrics")
        if status != 200:
            raise APIFailure("GET", "/metrics", status, text)
        return parse_metrics(text)


def with_query(path, query):
    """The path with a query; brackets and colons stay readable."""
    pairs = [(key, value) for key, value in query.items() if value is not None]
    if not pairs:
        return path
    joint = "&" if "?" in path else "?"
    return path + joint + urllib.parse.urlencode(pairs, safe="[]:,")


def parse_metrics(text):
    """Prometheus text: name with its labels → value."""
    values = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, value = line.rpartition(" ")
        values[name] = float(value)
    return values


def metric_sum(values, name, **labels):
    """The sum of all series of that name whose labels contain the given ones."""
    total, found = 0.0, False
    for series, value in values.items():
        base, _, rest = series.partition("{")
        if base != name:
            continue
        if all(f'{key}="{wanted}"' in rest for key, wanted in labels.items()):
            total += value
            found = True
    if not found:
        raise AssertionError(f"the node shows no metric {name} {labels or ''}")
    return total
