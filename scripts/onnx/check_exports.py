"""Checks graphs with the tools of ONNX: python check_exports.py FOLDER. Needs the package onnx."""

import pathlib
import sys

import onnx
from onnx import checker, shape_inference

files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
faults = 0
for file in files:
    try:
        model = onnx.load(file)
        checker.check_model(model, full_check=True)
        shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception as error:
        faults += 1
        print(file.name, error)
print(f"{len(files) - faults} of {len(files)} graphs are right")
sys.exit(faults > 0)
