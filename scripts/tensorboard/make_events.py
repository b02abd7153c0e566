"""Writes packages/train/tensorboard/testdata/events.bin by PyTorch's SummaryWriter: what summary_writer_test.ts compares with.

Needs torch and tensorboard: python scripts/tensorboard/make_events.py
"""
import pathlib, shutil, tempfile

import numpy as np
from torch.utils.tensorboard import SummaryWriter

folder = pathlib.Path(tempfile.mkdtemp())
writer = SummaryWriter(str(folder), purge_step=3)
writer.add_scalar("loss/train", 0.1, 1, walltime=100.5)
writer.add_scalar("loss/train", float("nan"), 2, walltime=101)
writer.add_scalar("loss/train", float("-inf"), 2**40, walltime=102)
values = np.array([-2.5, -1e-13, 1e-13, 0.75, 0.75, 1.5, 3e19])
writer.add_histogram("weights", values, 4, walltime=103)
writer.add_text("notes", "A *falling* loss: \N{GREEK SMALL LETTER ALPHA}", 5, walltime=104)
labels, predictions = np.array([0, 1, 1, 0, 1]), np.array([0.125, 0.875, 0.25, 0.625, 1.0])
writer.add_pr_curve("curve", labels, predictions, 6, num_thresholds=5, walltime=105)
writer.close()
target = pathlib.Path(__file__).parents[2] / "packages/train/tensorboard/testdata/events.bin"
shutil.copy(next(folder.iterdir()), target)
shutil.rmtree(folder)
