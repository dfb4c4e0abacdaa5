"""Qdrant's REST bodies as the objects of Qdrant Edge, and back. What is not known here is refused, never ignored."""

import qdrant_edge as edge


class Unsupported(Exception):
    """The shim does not do this; the Qdrant server might."""


def only(body, *known):
    """The body, when it has no other fields than these."""
    unknown = [key for key, value in body.items() if key not in known and value is not None]
    if unknown:
        raise Unsupported(f"the shim does not know {', '.join(sorted(unknown))}")
    return body


# Collections

DISTANCES = {
    "Cosine": edge.Distance.Cosine,
    "Dot": edge.Distance.Dot,
    "Euclid": edge.Distance.Euclid,
    "Manhattan": edge.Distance.Manhattan,
}


def config_of(body):
    """Placement, replication and graph settings are taken and left out: they mean nothing in one process."""
    vectors = body.get("vectors") or {}
    named = {"": vectors} if "size" in vectors else vectors
    dense = {
        name: edge.EdgeVectorParams(size=params["size"], distance=DISTANCES[params["distance"]])
        for name, params in named.items()
    }
    sparse = {
        name: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)
        if params.get("modifier") == "idf"
        else edge.EdgeSparseVectorParams()
        for name, params in (body.get("sparse_vectors") or {}).items()
    }
    return edge.EdgeConfig(vectors=dense, sparse_vectors=sparse)


INDEXES = {
    "keyword": edge.KeywordIndexParams,
    "integer": edge.IntegerIndexParams,
    "float": edge.FloatIndexParams,
    "bool": edge.BoolIndexParams,
    "datetime": edge.DatetimeIndexParams,
    "uuid": edge.UuidIndexParams,
}


def index_of(schema):
    settings = {"type": schema} if isinstance(schema, str) else dict(schema)
    kind = settings.pop("type")
    if kind not in INDEXES:
        raise Unsupported(f"the shim has no {kind} index")
    return INDEXES[kind](**settings)


# Filters


def filter_of(body):
    if body is None:
        return None
    only(body, "must", "should", "must_not")
    clauses = {name: conditions_of(value) for name, value in body.items() if value is not None}
    return edge.Filter(**clauses)


def conditions_of(value):
    return [condition_of(one) for one in (value if isinstance(value, list) else [value])]


def condition_of(body):
    if "key" in body:
        return field_condition_of(body)
    if "has_id" in body:
        return edge.HasIdCondition(set(body["has_id"]))
    if "is_empty" in body:
        return edge.IsEmptyCondition(key=body["is_empty"]["key"])
    if "is_null" in body:
        return edge.IsNullCondition(key=body["is_null"]["key"])
    if "has_vector" in body:
        return edge.HasVectorCondition(body["has_vector"])
    return filter_of(body)


def field_condition_of(body):
    only(body, "key", "match", "range")
    if body.get("match") is not None:
        return edge.FieldCondition(key=body["key"], match=match_of(body["match"]))
    return edge.FieldCondition(key=body["key"], range=range_of(body["range"]))


def match_of(body):
    only(body, "value", "any", "except")
    if "any" in body:
        return edge.MatchAny(body["any"])
    if "except" in body:
        return edge.MatchExcept(body["except"])
    return edge.MatchValue(body["value"])


def range_of(body):
    bounds = {name: value for name, value in body.items() if value is not None}
    is_text = any(isinstance(value, str) for value in bounds.values())
    return (edge.RangeDateTime if is_text else edge.RangeFloat)(**bounds)


# Points


def point_of(body):
    return edge.Point(id=body["id"], vector=vectors_of(body["vector"]), payload=body.get("payload"))


def vectors_of(body):
    if isinstance(body, dict) and "indices" not in body:
        return {name: vector_of(value) for name, value in body.items()}
    return vector_of(body)


def vector_of(body):
    if isinstance(body, dict):
        return edge.SparseVector(body["indices"], body["values"])
    return body


def vectors_json(vectors):
    if isinstance(vectors, edge.SparseVector):
        return {"indices": vectors.indices, "values": vectors.values}
    if isinstance(vectors, dict):
        return {name: vectors_json(value) for name, value in vectors.items()}
    return vectors


def payload_selector_of(body, default):
    if body is None:
        return default
    if isinstance(body, dict):
        if "include" in body:
            return edge.PayloadSelector.Include(body["include"])
        return edge.PayloadSelector.Exclude(body["exclude"])
    return body


def record_json(record):
    body = {"id": record.id}
    if record.payload is not None:
        body["payload"] = record.payload
    if record.vector is not None:
        body["vector"] = vectors_json(record.vector)
    return body


def scored_json(point):
    return {**record_json(point), "version": point.version, "score": point.score}


# Queries


def query_of(body):
    only(body, "query", "using", "filter", "params", "limit", "offset", "with_payload", "with_vector", "score_threshold")
    vector = body["query"]
    if isinstance(vector, dict) and "nearest" in vector:
        vector = only(vector, "nearest")["nearest"]
    return edge.QueryRequest(
        query=edge.Query.Nearest(vector_of(vector), using=body.get("using")),
        filter=filter_of(body.get("filter")),
        params=params_of(body.get("params")),
        limit=10 if body.get("limit") is None else body["limit"],
        offset=body.get("offset") or 0,
        score_threshold=body.get("score_threshold"),
        with_payload=payload_selector_of(body.get("with_payload"), False),
        with_vector=body.get("with_vector") or False,
    )


def params_of(body):
    if body is None:
        return None
    only(body, "hnsw_ef", "exact", "indexed_only")
    return edge.SearchParams(
        hnsw_ef=body.get("hnsw_ef"),
        exact=bool(body.get("exact")),
        indexed_only=bool(body.get("indexed_only")),
    )
