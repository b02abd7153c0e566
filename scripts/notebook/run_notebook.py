"""Runs a notebook with the kernel "deno" and prints, as JSON, the kinds of output of each cell: run_notebook.py FILE"""
import json
import pathlib
import sys

import nbformat
from nbclient import NotebookClient

path = pathlib.Path(sys.argv[1])
notebook = nbformat.read(path, 4)
NotebookClient(notebook, timeout=300, kernel_name="deno", resources={"metadata": {"path": str(path.parent)}}).execute()
print(json.dumps([
    [kind for output in cell.outputs for kind in sorted(output.get("data", [output.output_type]))]
    for cell in notebook.cells
    if cell.cell_type == "code"
]))
