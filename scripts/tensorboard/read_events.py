"""Prints as JSON what TensorBoard reads in a folder and its folder "trial": python scripts/tensorboard/read_events.py FOLDER"""
import json
import sys

from google.protobuf.json_format import MessageToDict
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata


def read(folder):
    events = EventAccumulator(folder, size_guidance={})
    events.Reload()
    return events, events.Tags()


events, tags = read(sys.argv[1])
trial, trial_tags = read(sys.argv[1] + "/trial")


def hparams(parse, tag):
    return MessageToDict(parse(trial.summary_metadata["_hparams_/" + tag].plugin_data.content))


def histogram(tag):
    return [
        [e.step, e.histogram_value.min, e.histogram_value.max, e.histogram_value.num, sum(e.histogram_value.bucket)]
        for e in events.Histograms(tag)
    ]


def shape(node):
    return [d.size for d in node.attr["_output_shapes"].list.shape[0].dim]


is_text = lambda tag: tag.endswith("/text_summary")
print(json.dumps({
    "scalars": {t: [[e.step, repr(e.value)] for e in events.Scalars(t)] for t in tags["scalars"]},
    "images": {t: [[e.step, e.width, e.height] for e in events.Images(t)] for t in tags["images"]},
    "histograms": {t: histogram(t) for t in tags["histograms"]},
    "texts": {t: [[e.step, e.tensor_proto.string_val[0].decode()] for e in events.Tensors(t)] for t in filter(is_text, tags["tensors"])},
    "curves": {t: [[e.step, [d.size for d in e.tensor_proto.tensor_shape.dim]] for e in events.Tensors(t)] for t in tags["tensors"] if not is_text(t)},
    "nodes": [[n.name, list(n.input), shape(n)] for n in events.Graph().node],
    "hparams": hparams(metadata.parse_session_start_info_plugin_data, "session_start_info"),
    "metrics": hparams(metadata.parse_experiment_plugin_data, "experiment")["metricInfos"],
    "trial": {t: [[e.step, repr(e.value)] for e in trial.Scalars(t)] for t in trial_tags["scalars"]},
}))
