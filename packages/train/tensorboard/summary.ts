/** Contents of TensorBoard's events. */
import { encodePng, type Image } from "@troodon/datasets";
import { histogramMessage, histogramOf } from "./histogram.ts";
import { bytes, double, type Field, float, floats, integer, message, text } from "./message.ts";

/** Element types of `TensorProto`. */
const DT_FLOAT = 1, DT_STRING = 7;

/** The version of the format, in the first event of a file. */
const FILE_VERSION = "brain.Event:2";

/** The message `Event` of a moment, in seconds since 1970. */
function event(wallTime: number, ...fields: readonly Field[]): Uint8Array {
  return message(double(1, wallTime), ...fields);
}

/** The first event of a file. */
export function versionEvent(wallTime: number): Uint8Array {
  return event(wallTime, text(3, FILE_VERSION));
}

/** The event of a run that goes on from `step`: what a file has of this step and later ones is dropped by TensorBoard. */
export function purgeEvent(wallTime: number, step: number): Uint8Array {
  return event(wallTime, integer(2, step), bytes(7, message(integer(1, 1))));
}

/** The event of a graph, a message `GraphDef`. */
export function graphEvent(wallTime: number, graph: Uint8Array): Uint8Array {
  return event(wallTime, bytes(4, graph));
}

/** The event of a value at a step. */
export function summaryEvent(wallTime: number, step: number, value: Uint8Array): Uint8Array {
  return event(wallTime, integer(2, step), bytes(5, message(bytes(1, value))));
}

/** The metadata that name the plugin of TensorBoard that shows a value. */
function shownBy(plugin: string, content?: Uint8Array): Field {
  const fields = [text(1, plugin), ...(content === undefined ? [] : [bytes(2, content)])];
  return bytes(9, message(bytes(1, message(...fields))));
}

/** The field of a tensor: its element type, shape and elements. */
function tensor(type: number, shape: readonly number[], elements: readonly Field[]): Field {
  const extents = shape.map((extent) => bytes(2, message(integer(1, extent))));
  return bytes(8, message(integer(1, type), bytes(2, message(...extents)), ...elements));
}

/** A number. */
export function scalarValue(tag: string, value: number): Uint8Array {
  return message(text(1, tag), float(2, value));
}

/** An image, as PNG. */
export function imageValue(tag: string, image: Image): Uint8Array {
  const { width, height, channels } = image;
  const picture = message(
    integer(1, height),
    integer(2, width),
    integer(3, channels),
    bytes(4, encodePng(image)),
  );
  return message(text(1, tag), bytes(4, picture));
}

/** A histogram of numbers. */
export function histogramValue(tag: string, values: ArrayLike<number>, bins?: number): Uint8Array {
  return message(text(1, tag), bytes(5, histogramMessage(histogramOf(values, bins))));
}

/** A text in Markdown. */
export function textValue(tag: string, content: string): Uint8Array {
  const encoded = new TextEncoder().encode(content);
  return message(
    text(1, `${tag}/text_summary`),
    tensor(DT_STRING, [1], [bytes(8, encoded)]),
    shownBy("text"),
  );
}

/** Metadata for the plugin of hyperparameters alone. */
export function hparamsValue(tag: string, content: Uint8Array): Uint8Array {
  return message(text(1, tag), shownBy("hparams", content));
}

/** Rows of counts and scores by threshold, for the plugin of precision-recall curves. */
export function prCurveValue(tag: string, rows: readonly (readonly number[])[]): Uint8Array {
  const thresholds = rows[0]!.length;
  return message(
    text(1, tag),
    tensor(DT_FLOAT, [rows.length, thresholds], [floats(5, rows.flat())]),
    shownBy("pr_curves", message(integer(2, thresholds))),
  );
}
