/** The graph of a network as TensorBoard draws it. */
import type { TracedNode } from "../graph/trace_graph.ts";
import { bytes, integer, message, text } from "./message.ts";

/** The version of TensorFlow's graphs that PyTorch writes. */
const PRODUCER = 22;

/** Names of ops that TensorBoard knows as something other than calls. */
const OPS = { input: "IO Node", output: "IO Node", parameter: "Parameter", call: "" } as const;

/** The message `GraphDef` of a graph. */
export function graphMessage(nodes: readonly TracedNode[]): Uint8Array {
  return message(
    ...nodes.map((node) => bytes(1, nodeMessage(node))),
    bytes(4, message(integer(1, PRODUCER))),
  );
}

function nodeMessage({ name, kind, op, shape, inputs }: TracedNode): Uint8Array {
  const extents = shape.map((extent) => bytes(2, message(integer(1, extent))));
  const shapes = message(bytes(1, message(bytes(7, message(...extents)))));
  return message(
    text(1, name),
    text(2, OPS[kind] || op),
    ...inputs.map((input) => text(3, input)),
    bytes(5, message(text(1, "_output_shapes"), bytes(2, shapes))),
  );
}
