"""Collections as folders: each holds a shard of Qdrant Edge and, written last, the body it was created with."""

import json
import shutil
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import quote, unquote

import qdrant_edge as edge

from translate import config_of


CLOSING_S = 10


class Missing(Exception):
    """There is no such collection."""


class Taken(Exception):
    """There is such a collection already."""


class Collection:
    def __init__(self, folder, body):
        self.body = body
        self.shard = edge.EdgeShard.load(str(folder / "shard"))
        # The server applies the updates of a shard one after the other as well.
        self.updating = threading.Lock()

    def update(self, operation):
        with self.updating:
            self.shard.update(operation)

    def close(self):
        """Waits for the searches that are under way: Edge refuses to close under them."""
        deadline = time.monotonic() + CLOSING_S
        with self.updating:
            while True:
                try:
                    return self.shard.close()
                except RuntimeError as error:
                    if "borrowed" not in str(error) or time.monotonic() > deadline:
                        raise
                time.sleep(0.002)


class Shelf:
    """Opens a collection when it is first asked for. What a crash left half made or half removed is swept away."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open = {}
        self.lock = threading.RLock()
        for one in self.folder.iterdir():
            if not (one / "collection.json").exists():
                shutil.rmtree(one)

    def names(self):
        return sorted(unquote(one.name) for one in self.folder.iterdir() if (one / "collection.json").exists())

    def exists(self, name):
        return (self.place(name) / "collection.json").exists()

    def get(self, name):
        known = self.open.get(name)
        if known:
            return known
        with self.lock:
            if not self.exists(name):
                raise Missing(name)
            if name not in self.open:
                body = json.loads((self.place(name) / "collection.json").read_text())
                self.open[name] = Collection(self.place(name), body)
            return self.open[name]

    def create(self, name, body):
        with self.lock:
            if self.exists(name):
                raise Taken(name)
            place = self.place(name)
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            edge.EdgeShard.create(str(place / "shard"), config_of(body)).close()
            draft = place / "collection.json.new"
            draft.write_text(json.dumps(body))
            draft.rename(place / "collection.json")

    def delete(self, name):
        with self.lock:
            if not self.exists(name):
                return False
            collection = self.open.pop(name, None)
            gone = self.folder / f".{uuid.uuid4()}"
            (self.place(name) / "collection.json").unlink()
            self.place(name).rename(gone)
            if collection:
                collection.close()
            shutil.rmtree(gone, ignore_errors=True)
            return True

    def close(self):
        with self.lock:
            for collection in self.open.values():
                collection.close()

    def place(self, name):
        return self.folder / quote(name, safe="")
