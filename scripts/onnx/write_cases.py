"""Writes the node cases of ONNX's backend test to a folder, in the layout of `onnx/backend/test/data`.

    python scripts/onnx/write_cases.py OUT

Needs the package onnx. `deno run -A scripts/onnx/run_cases.ts OUT` runs them.
"""

import os
import sys

import onnx
from onnx import numpy_helper
from onnx.backend.test.case.model import collect_testcases as collect_models
from onnx.backend.test.case.node import collect_testcases as collect_nodes


def encoded(value, info):
    if isinstance(value, onnx.TensorProto):
        return value.SerializeToString()
    if info.type.HasField("tensor_type"):
        return numpy_helper.from_array(value, info.name).SerializeToString()
    return b""  # lists and dictionaries, which the runner passes over by the type in the graph


def write(case, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(case.model.SerializeToString())
    with open(os.path.join(folder, "tolerance.json"), "w") as file:
        file.write(f'{{"rtol": {case.rtol}, "atol": {case.atol}}}\n')
    for number, (inputs, outputs) in enumerate(case.data_sets):
        data = os.path.join(folder, f"test_data_set_{number}")
        os.makedirs(data, exist_ok=True)
        for kind, values, infos in (
            ("input", inputs, case.model.graph.input),
            ("output", outputs, case.model.graph.output),
        ):
            for i, (value, info) in enumerate(zip(values, infos)):
                with open(os.path.join(data, f"{kind}_{i}.pb"), "wb") as file:
                    file.write(encoded(value, info))


if __name__ == "__main__":
    out = sys.argv[1]
    for case in collect_nodes(None):
        write(case, os.path.join(out, "node", case.name))
    for case in collect_models():
        if case.model is not None:
            write(case, os.path.join(out, "simple", case.name))
