"""fastembed as a process: a JSON list of texts a line on stdin, the seconds that embedding them took a line on stdout.

    fastembed_peer.py FOLDER THREADS BATCH    BATCH 0: as many as fastembed takes by itself
"""

import json
import sys
import time

from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

folder, threads, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# The source is never asked, for the files are given.
TextEmbedding.add_custom_model(
    model="bench/minilm",
    pooling=PoolingType.MEAN,
    normalization=True,
    sources=ModelSource(hf="bench/minilm"),
    dim=384,
    model_file="model.onnx",
)
model = TextEmbedding("bench/minilm", specific_model_path=folder, threads=threads)
options = {"batch_size": batch} if batch else {}
list(model.embed(["a first run"] * 4, **options))
print("ready", flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    began = time.perf_counter()
    if len(list(model.embed(texts, **options))) != len(texts):
        raise SystemExit("a vector is missing")
    print(time.perf_counter() - began, flush=True)
