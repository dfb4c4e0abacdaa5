"""Golden vectors of the embedding models, made without a line of Millrace: see README.md for how to run it."""

import argparse
import base64
import hashlib
import json
import platform
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers

MAX_TOKENS = 512


@dataclass
class Recipe:
    """What the model's card says: nothing of it is in the graph."""

    pooling: str
    query: str = ""
    passage: str = ""


RECIPES = {
    "all-minilm-l6-v2": Recipe("mean"),
    "bge-small-en-v1.5": Recipe("cls", query="Represent this sentence for searching relevant passages: "),
    "e5-small-v2": Recipe("mean", query="query: ", passage="passage: "),
}

LONG = " ".join(f"Sentence {n} of a longer passage speaks of queues, workers and back-pressure." for n in range(60))

ROWS = [
    ("passage", "A millrace carries water to the wheel of a mill."),
    ("passage", "Invoices are due thirty days after receipt."),
    ("passage", "Größe, naïveté, cafe\u0301 and 東京 - 42.5 % of it"),
    ("passage", "ΣΊΣΥΦΟΣ, кириллица, עברית, العربية, हिन्दी, 한국어, \ufeffzero\u200bwidth 🙂👩‍👩‍👧"),
    ("passage", ""),
    ("passage", " \t\n"),
    ("passage", "."),
    ("passage", "[CLS] spelled out, [MASK]ed and [SEP]arated"),
    ("passage", "GET https://example.org/v1/embeddings?a=1&b=%20 HTTP/1.1"),
    ("passage", "sha512-" + "0f" * 64),
    ("passage", LONG),
    ("query", "what drives the wheel of a mill?"),
    ("query", "Größe 東京"),
    ("query", ""),
    ("query", LONG),
]


class Model:
    """The files of LangChain4j's jar: the hub's own, byte for byte."""

    def __init__(self, jar):
        with zipfile.ZipFile(jar) as archive:
            graph = next(name for name in archive.namelist() if name.endswith("-q.onnx"))
            self.name = graph.removesuffix("-q.onnx")
            self.graph = archive.read(graph)
            definition = archive.read(graph.replace(".onnx", "-tokenizer.json")).decode()
        self.recipe = RECIPES[self.name]
        self.tokenizer = tokenizers.Tokenizer.from_str(definition)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.session = onnxruntime.InferenceSession(self.graph, providers=["CPUExecutionProvider"])

    def embed(self, kind, text):
        """Tokens and vector of one text, alone in its run."""
        encoded = self.tokenizer.encode(getattr(self.recipe, kind) + text)
        one_row = lambda values: np.array([values], dtype=np.int64)
        hidden = self.session.run(
            None,
            {
                "input_ids": one_row(encoded.ids),
                "attention_mask": one_row(encoded.attention_mask),
                "token_type_ids": one_row(encoded.type_ids),
            },
        )[0][0].astype(np.float64)
        pooled = hidden[0] if self.recipe.pooling == "cls" else hidden.mean(axis=0)
        return len(encoded.ids), pooled / np.linalg.norm(pooled)


def base64_of(vector):
    """Sixteen bits a value, 32,767 standing for 1, little-endian: it moves the cosine by less than 1e-6."""
    return base64.b64encode(np.round(vector * 32767).astype("<i2").tobytes()).decode()


def golden(model, instructions, earlier):
    """`earlier`: vectors made on other processors, which stay as long as the file of the model is the same."""
    made = [model.embed(kind, text) for kind, text in ROWS]
    rows = [{"kind": kind, "text": text, "tokens": tokens} for (kind, text), (tokens, _) in zip(ROWS, made)]
    sha256 = hashlib.sha256(model.graph).hexdigest()
    kept = earlier["vectors"] if earlier.get("sha256") == sha256 and earlier.get("rows") == rows else {}
    vectors = [base64_of(vector) for _, vector in made]
    return {
        "made_with": f"tools/golden: Python onnxruntime {onnxruntime.__version__}, tokenizers {tokenizers.__version__}",
        "model": model.name,
        "sha256": sha256,
        "rows": rows,
        "vectors": dict(sorted({**kept, instructions: vectors}.items())),
    }


def int8_instructions():
    """As `libs/adapters/onnx/src/runtime/cpu.ts` calls it: int8 products saturate without VNNI."""
    flags = next(line for line in open("/proc/cpuinfo") if line.startswith(("flags", "Features"))).split()
    known = ["avx512_vnni", "avx_vnni", "avx512bw", "avx2", "i8mm", "asimddp"]
    architecture = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
    return f"{architecture} {next(flag for flag in known if flag in flags)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jars", nargs="+", type=Path, metavar="JAR")
    parser.add_argument("--out", type=Path, default=Path("libs/adapters/onnx/fixtures"))
    parser.add_argument("--instructions", default=int8_instructions(), help="of the processor; default: %(default)s")
    options = parser.parse_args()
    for jar in options.jars:
        model = Model(jar)
        file = options.out / f"{model.name}.golden.json"
        earlier = json.loads(file.read_text()) if file.exists() else {}
        made = golden(model, options.instructions, earlier)
        file.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
        print(f"{file}: {len(ROWS)} rows, {', '.join(made['vectors'])}")


main()
