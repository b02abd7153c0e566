/** Writing of ONNX files. */
import { checkCall } from "@troodon/core/kernel";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { isElementsKind, writeElements } from "./element_list.ts";
import type { FieldKind, FieldValues, Message } from "./field.ts";
import { tableOf } from "./field_table.ts";
import { LARGEST_FILE, refuseLargeFile } from "./largest_file.ts";
import { MODEL, TENSOR } from "./schema.ts";
import type { OnnxModel, OnnxTensor } from "./types.ts";

/** The wire types of kinds with single values. */
const WIRES: Readonly<Record<Exclude<FieldKind, `${string}s`> | "bytes", WireType>> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  float: WireType.Bit32,
  int32: WireType.Varint,
  size: WireType.Varint,
  int64: WireType.Varint,
};

type ScalarKind = keyof typeof WIRES;

function writeMessage<T extends object>(writer: BinaryWriter, message: Message<T>, values: T): void {
  for (const [key, { number, kind, repeated }] of tableOf(message).entries) {
    const value = (values as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (isElementsKind(kind)) {
      writer.tag(number, WireType.LengthDelimited).fork();
      writeElements(writer, kind, value as FieldValues[typeof kind]);
      writer.join();
      continue;
    }
    for (const item of repeated ? value as readonly unknown[] : [value]) {
      if (typeof kind === "string") {
        writer.tag(number, WIRES[kind as ScalarKind]);
        writeScalar(writer, kind as ScalarKind, item);
      } else {
        writer.tag(number, WireType.LengthDelimited).fork();
        writeMessage(writer, kind, item as object);
        writer.join();
      }
    }
  }
}

function writeScalar(writer: BinaryWriter, kind: ScalarKind, value: unknown): void {
  if (kind === "string") writer.string(value as string);
  else if (kind === "bytes") writer.bytes(value as Uint8Array);
  else if (kind === "float") writer.float(value as number);
  else if (kind === "int32") writer.int32(value as number);
  else writer.int64(value as number | bigint);
}

/** Bytes of memory that `value` holds in lists of bytes and numbers: less than the file will have. */
function bytesWithin(value: unknown): number {
  if (ArrayBuffer.isView(value)) return /^(Uint8|Float)/.test(value.constructor.name) ? value.byteLength : 0;
  if (typeof value !== "object" || value === null) return 0;
  let bytes = 0;
  for (const item of Object.values(value)) bytes += bytesWithin(item);
  return bytes;
}

function encode<T extends object>(message: Message<T>, values: T, file: string): Uint8Array<ArrayBuffer> {
  const least = bytesWithin(values);
  if (least > LARGEST_FILE) refuseLargeFile("write", file, least);
  const writer = new BinaryWriter();
  writeMessage(writer, message, values);
  const bytes = writer.finish();
  if (bytes.length > LARGEST_FILE) refuseLargeFile("write", file, bytes.length);
  return bytes;
}

/**
 * Encodes a model as the bytes of an ONNX file. The form of the file is right for any model; that its nodes fit together is
 * up to who made it.
 *
 * @param model The model.
 * @param file The name of the file, for errors.
 * @throws {RangeError} If the file would be larger than the 2 GiB that protobuf allows.
 */
export function encodeOnnx(model: OnnxModel, file = "the model"): Uint8Array<ArrayBuffer> {
  checkCall("encodeOnnx", arguments, "oT");
  return encode(MODEL, model, file);
}

/** Encodes a stored tensor by itself, as the files of ONNX's test cases hold. */
export function encodeOnnxTensor(tensor: OnnxTensor): Uint8Array<ArrayBuffer> {
  checkCall("encodeOnnxTensor", arguments, "o");
  return encode(TENSOR, tensor, "the tensor");
}
