"""Ways to quantise and rewrite an embedding model's graph, side by side: speed, nDCG@10, likeness. See README.md."""

import argparse
import json
import math
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import tokenizers
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    matmul_nbits_quantizer,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

MAX_TOKENS = 256
CALIBRATION_TEXTS = 100
TIMED_TEXTS = 60
ROUNDS = 5
HEADS, HIDDEN = 12, 384


def inputs_of(ids):
    row = lambda values: np.array([values], dtype=np.int64)
    return {"input_ids": row(ids), "attention_mask": row([1] * len(ids)), "token_type_ids": row([0] * len(ids))}


class Calibration(CalibrationDataReader):
    def __init__(self, sequences):
        self.left = iter(sequences)

    def get_next(self):
        ids = next(self.left, None)
        return None if ids is None else inputs_of(ids)


class Model:
    """One sequence a run on one thread, as Millrace runs it; the vector is the mean of all tokens."""

    def __init__(self, file, optimized=None):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        if optimized:
            options.optimized_model_filepath = str(optimized)
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def embed(self, ids):
        vector = self.session.run(None, inputs_of(ids))[0][0].astype(np.float64).mean(axis=0)
        return vector / np.linalg.norm(vector)


def fused(source, target):
    """The fusions of ONNX Runtime's own tool for BERT, attention among them; it knows float graphs alone."""
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False
    rewritten = optimizer.optimize_model(str(source), "bert", HEADS, HIDDEN, options, opt_level=0)
    rewritten.save_model_to_file(str(target))


def per_row(source, target):
    """Weights in blocks of 128, activations row by row: a token's numbers do not depend on other tokens."""
    config = matmul_nbits_quantizer.DefaultWeightOnlyQuantConfig(block_size=128, is_symmetric=True, accuracy_level=4, bits=8)
    quantizer = matmul_nbits_quantizer.MatMulNBitsQuantizer(onnx.load(str(source)), algo_config=config)
    quantizer.process()
    quantizer.model.save_model_to_file(str(target))


def variants(float_model, published, sequences, folder):
    """Name -> file, or why it cannot be made."""
    prepared, float_fused = folder / "prepared.onnx", folder / "fused.onnx"
    quant_pre_process(str(float_model), str(prepared), skip_symbolic_shape=True)
    fused(float_model, float_fused)

    def dynamic(source, per_channel):
        options = {"per_channel": per_channel, "weight_type": QuantType.QInt8, "extra_options": {"DefaultTensorType": onnx.TensorProto.FLOAT}}
        return lambda target: quantize_dynamic(str(source), str(target), **options)

    def static(target):
        reader = Calibration(sequences[:CALIBRATION_TEXTS])
        options = {"op_types_to_quantize": ["MatMul", "Gemm"], "per_channel": True, "weight_type": QuantType.QInt8}
        quantize_static(str(prepared), str(target), reader, quant_format=QuantFormat.QDQ, **options)

    makers = {
        "int8 a tensor, dynamic": dynamic(prepared, False),
        "int8 a column, dynamic": dynamic(prepared, True),
        "int8 a column, dynamic, attention fused before": dynamic(float_fused, True),
        "int8, static (QDQ)": static,
        "int8 row by row (MatMulNBits)": lambda target: per_row(prepared, target),
        "published, optimised once and saved": lambda target: Model(published, optimized=target),
    }
    found = {"int8 as published": published, "float32": float_model, "float32, attention fused": float_fused}
    for n, (name, make) in enumerate(makers.items()):
        target = folder / f"{n}.onnx"
        try:
            make(target)
            found[name] = target
        except Exception as error:  # what a tool of another's cannot do is part of the answer
            found[name] = f"{type(error).__name__}: {error}"
    return found


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def ndcg(vectors, queries, relevant):
    """nDCG@10, gain 2^grade - 1 (Burges et al. 2005), mean over the questions that have an answer."""
    names, matrix = list(vectors), np.array(list(vectors.values()))
    found = []
    for query, vector in queries.items():
        grades = relevant.get(query)
        if not grades:
            continue
        best = [names[at] for at in np.argsort(-(matrix @ vector), kind="stable")[:10]]
        gain = lambda grade, rank: (2**grade - 1) / math.log2(rank + 2)
        ideal = sum(gain(grade, rank) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:10]))
        found.append(sum(gain(grades.get(name, 0), rank) for rank, name in enumerate(best)) / ideal)
    return sum(found) / len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--float", type=Path, required=True, help="the model in float32")
    parser.add_argument("--published", type=Path, required=True, help="the int8 file of the catalogue")
    parser.add_argument("--tokenizer", type=Path, required=True, help="its tokenizer.json")
    parser.add_argument("--set", type=Path, required=True, help="folder with corpus.jsonl, queries.jsonl, qrels.tsv")
    options = parser.parse_args()

    tokenizer = tokenizers.Tokenizer.from_file(str(options.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    ids_of = lambda text: tokenizer.encode(text).ids
    corpus = {each["_id"]: ids_of(f"{each.get('title', '')} {each['text']}".strip()) for each in lines(options.set / "corpus.jsonl")}
    queries = {each["_id"]: ids_of(each["text"]) for each in lines(options.set / "queries.jsonl")}
    relevant = defaultdict(dict)
    for row in (options.set / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = row.split("\t")
        relevant[query][document] = int(grade)

    with tempfile.TemporaryDirectory() as folder:
        sequences = list(corpus.values())
        files = variants(options.float, options.published, sequences, Path(folder))
        models = {name: Model(file) for name, file in files.items() if isinstance(file, Path)}
        timed = sequences[CALIBRATION_TEXTS : CALIBRATION_TEXTS + TIMED_TEXTS]
        seconds = defaultdict(list)
        for _ in range(ROUNDS):  # in turns, so that what else the machine does falls on all alike
            for name, model in models.items():
                began = time.process_time()
                for ids in timed:
                    model.embed(ids)
                seconds[name].append(time.process_time() - began)
        base = sorted(seconds["int8 as published"])[ROUNDS // 2]
        exact = {}
        print("| Graph | Speed | nDCG@10 | Cosine to float32, mean | least |\n| - | -: | -: | -: | -: |")
        for name in ["float32", *[each for each in files if each != "float32"]]:
            if name not in models:
                print(f"| {name} | not made | | | |\n{files[name]}", flush=True)
                continue
            vectors = {document: models[name].embed(ids) for document, ids in corpus.items()}
            exact = exact or vectors
            asked = {query: models[name].embed(ids) for query, ids in queries.items()}
            likeness = [float(vectors[document] @ exact[document]) for document in vectors]
            speed = base / sorted(seconds[name])[ROUNDS // 2]
            figures = f"{speed:.2f} | {ndcg(vectors, asked, relevant):.4f} | {np.mean(likeness):.4f} | {min(likeness):.4f}"
            print(f"| {name} | {figures} |", flush=True)


main()
