"""The part of Qdrant's REST interface that Millrace uses, on Qdrant Edge in this process. Not the Qdrant server."""

import argparse
import json
import re
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import qdrant_edge as edge

from shelf import Missing, Shelf, Taken
from translate import (
    Unsupported,
    filter_of,
    index_of,
    only,
    payload_selector_of,
    point_of,
    query_of,
    record_json,
    scored_json,
)

TITLE = "Qdrant Edge 0.9 behind a REST shim (not the Qdrant server)"
VERSION = "0.9.0"
MAX_BODY = 64 * 1024 * 1024
IDLE_S = 300


def acknowledged(operation):
    return lambda shelf, name, body: (
        shelf.get(name).update(operation(body)),
        {"operation_id": 0, "status": "completed"},
    )[1]


def upsert(body):
    only(body, "points", "update_filter")
    condition = filter_of(body.get("update_filter"))
    return edge.UpdateOperation.upsert_points([point_of(one) for one in body["points"]], condition=condition)


def delete_points(body):
    only(body, "points", "filter")
    if body.get("points") is not None:
        return edge.UpdateOperation.delete_points(body["points"])
    return edge.UpdateOperation.delete_points_by_filter(filter_of(body["filter"]))


def set_payload(body):
    only(body, "payload", "points", "filter")
    if body.get("points") is not None:
        return edge.UpdateOperation.set_payload(body["points"], body["payload"])
    return edge.UpdateOperation.set_payload_by_filter(filter_of(body["filter"]), body["payload"])


def create_index(body):
    only(body, "field_name", "field_schema")
    return edge.UpdateOperation.create_field_index(body["field_name"], index_of(body["field_schema"]))


def collections(shelf, _name, _body):
    return {"collections": [{"name": name} for name in shelf.names()]}


def exists(shelf, name, _body):
    return {"exists": shelf.exists(name)}


def describe(shelf, name, _body):
    collection = shelf.get(name)
    info = collection.shard.info()
    schema = {
        field: {"data_type": str(index.data_type).split(".")[-1].lower(), "points": index.points}
        for field, index in info.payload_schema.items()
    }
    params = {key: collection.body.get(key) for key in ("vectors", "sparse_vectors")}
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": info.points_count,
        "indexed_vectors_count": info.indexed_vectors_count,
        "segments_count": info.segments_count,
        "config": {"params": params},
        "payload_schema": schema,
    }


def create(shelf, name, body):
    shelf.create(name, body)
    return True


def drop(shelf, name, _body):
    return shelf.delete(name)


def retrieve(shelf, name, body):
    only(body, "ids", "with_payload", "with_vector")
    selector = payload_selector_of(body.get("with_payload"), True)
    records = shelf.get(name).shard.retrieve(body["ids"], selector, body.get("with_vector") or False)
    return [record_json(one) for one in records]


def scroll(shelf, name, body):
    only(body, "offset", "limit", "filter", "with_payload", "with_vector")
    request = edge.ScrollRequest(
        offset=body.get("offset"),
        limit=body.get("limit") or 10,
        filter=filter_of(body.get("filter")),
        with_payload=payload_selector_of(body.get("with_payload"), True),
        with_vector=body.get("with_vector") or False,
    )
    records, following = shelf.get(name).shard.scroll(request)
    return {"points": [record_json(one) for one in records], "next_page_offset": following}


def count(shelf, name, body):
    only(body, "filter", "exact")
    request = edge.CountRequest(filter=filter_of(body.get("filter")), exact=body.get("exact") is not False)
    return {"count": shelf.get(name).shard.count(request)}


def facet(shelf, name, body):
    only(body, "key", "limit", "filter", "exact")
    request = edge.FacetRequest(
        key=body["key"],
        limit=body.get("limit") or 10,
        exact=bool(body.get("exact")),
        filter=filter_of(body.get("filter")),
    )
    return {"hits": [{"value": one.value, "count": one.count} for one in shelf.get(name).shard.facet(request).hits]}


def query(shelf, name, body):
    return {"points": [scored_json(one) for one in shelf.get(name).shard.query(query_of(body))]}


def query_batch(shelf, name, body):
    requests = [query_of(one) for one in only(body, "searches")["searches"]]
    answers = shelf.get(name).shard.query_batch(edge.QueryBatchRequest(requests))
    return [{"points": [scored_json(one) for one in points]} for points in answers]


def telemetry(_shelf, _name, _body):
    return {"app": {"name": TITLE, "version": VERSION}}


COLLECTION = "/collections/([^/]+)"
ROUTES = [
    (method, re.compile(f"^{path}$"), action)
    for method, path, action in [
        ("GET", "/telemetry", telemetry),
        ("GET", "/collections", collections),
        ("GET", COLLECTION, describe),
        ("PUT", COLLECTION, create),
        ("DELETE", COLLECTION, drop),
        ("GET", f"{COLLECTION}/exists", exists),
        ("PUT", f"{COLLECTION}/index", acknowledged(create_index)),
        ("PUT", f"{COLLECTION}/points", acknowledged(upsert)),
        ("POST", f"{COLLECTION}/points", retrieve),
        ("POST", f"{COLLECTION}/points/delete", acknowledged(delete_points)),
        ("POST", f"{COLLECTION}/points/payload", acknowledged(set_payload)),
        ("POST", f"{COLLECTION}/points/scroll", scroll),
        ("POST", f"{COLLECTION}/points/count", count),
        ("POST", f"{COLLECTION}/points/query", query),
        ("POST", f"{COLLECTION}/points/query/batch", query_batch),
        ("POST", f"{COLLECTION}/facet", facet),
    ]
]
PLAIN = {"/healthz": "healthz check passed", "/livez": "healthz check passed", "/readyz": "all shards are ready"}


def answer(shelf, method, path, body):
    """Status and body."""
    if path == "/":
        return 200, {"title": TITLE, "version": VERSION}
    began = time.monotonic()
    code, content = result_of(shelf, method, path, body)
    return code, {**content, "time": time.monotonic() - began}


def result_of(shelf, method, path, body):
    for known, pattern, action in ROUTES:
        match = pattern.match(path)
        if known == method and match:
            name = unquote(match.group(1)) if match.groups() else None
            return attempt(action, shelf, name, body)
    return refusal(501, f"the shim has no {method} {path}")


def attempt(action, shelf, name, body):
    try:
        return 200, {"result": action(shelf, name, body), "status": "ok"}
    except Missing:
        return refusal(404, f"Not found: Collection `{name}` doesn't exist!")
    except Taken:
        return refusal(409, f"Wrong input: Collection `{name}` already exists!")
    except Unsupported as error:
        return refusal(501, str(error))
    except OSError as error:
        return refusal(500, f"Service internal error: {error}")
    except Exception as error:  # Edge raises plain exceptions for what it does not take.
        return refusal(400, f"Wrong input: {error}")


def refusal(code, reason):
    return code, {"status": {"error": reason}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    shelf = None

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle_any(self):
        path = urlsplit(self.path).path
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self.send(413, {"status": {"error": "Payload too large"}})
        raw = self.rfile.read(length)
        if path in PLAIN:
            return self.send(200, PLAIN[path])
        try:
            body = json.loads(raw) if raw else {}
        except ValueError as error:
            return self.send(400, {"status": {"error": f"Format error in JSON body: {error}"}})
        self.send(*answer(self.shelf, self.command, path, body))

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = handle_any

    def send(self, status, content):
        """`default`: point ids come as UUID objects."""
        plain = isinstance(content, str)
        body = (content if plain else json.dumps(content, ensure_ascii=False, default=str)).encode()
        head = (
            f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}\r\n"
            f"content-type: {'text/plain' if plain else 'application/json'}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", required=True)
    options = parser.parse_args()
    Handler.shelf = Shelf(options.data)
    server = Server((options.host, options.port), Handler)
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{TITLE} on http://{options.host}:{options.port}", flush=True)
    server.serve_forever(poll_interval=0.05)
    Handler.shelf.close()


main()
