/** Reading of ONNX files. */
import { checkCall } from "@troodon/core/kernel";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { ElementList, isElementsKind } from "./element_list.ts";
import type { Field, FieldKind, Message } from "./field.ts";
import { tableOf } from "./field_table.ts";
import { LARGEST_FILE, refuseLargeFile } from "./largest_file.ts";
import { MODEL, TENSOR } from "./schema.ts";
import type { OnnxModel, OnnxTensor } from "./types.ts";

/** Levels of messages within messages that a file may have. */
const DEEPEST = 100;

/** A message that is being read. */
type Values = Record<string, unknown>;

/** A kind whose values are single numbers. */
type NumberKind = "float" | "int32" | "size" | "int64";

/** Reads one file. */
class Decoder {
  readonly #reader: BinaryReader;
  /** The fields that lead to the one that is read, for errors. */
  readonly #path: string[] = [];
  /** The byte at which that one begins. */
  #at = 0;

  constructor(bytes: Uint8Array, readonly file: string) {
    if (bytes.length > LARGEST_FILE) refuseLargeFile("read", file, bytes.length);
    this.#reader = new BinaryReader(bytes);
  }

  decode<T extends object>(message: Message<T>): T {
    try {
      return this.#message(message, this.#reader.len);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const place = this.#path.length === 0 ? "" : ` in ${this.#path.join(".")}`;
      throw new TypeError(
        `Cannot read ${this.file} as it must be a whole ${message.name} of ONNX: at byte ${this.#at}${place}, ` +
          error.message.replace("premature EOF", "the file ends within a field"),
        { cause: error },
      );
    }
  }

  #message<T extends object>(message: Message<T>, end: number): T {
    const reader = this.#reader, { byNumber, entries } = tableOf(message), values: Values = {};
    for (const [key, { repeated, initial }] of entries) {
      if (repeated) values[key] = [];
      else if (initial !== undefined) values[key] = initial;
    }
    while (reader.pos < end) {
      this.#at = reader.pos;
      const [number, wire] = reader.tag(), found = byNumber.get(number);
      if (found === undefined) reader.skip(wire, number);
      else {
        this.#path.push(found[0]);
        this.#field(values, ...found, wire);
        this.#path.pop();
      }
      if (reader.pos > end) throw new RangeError(`a field ends behind the ${message.name} that it is in`);
    }
    for (const [key, value] of Object.entries(values)) {
      if (value instanceof ElementList) values[key] = value.elements;
    }
    return values as T;
  }

  #field(values: Values, key: string, { kind, repeated }: Field, wire: WireType): void {
    const list = values[key] as unknown[];
    if (typeof kind !== "string") {
      if (this.#path.length > DEEPEST) throw new RangeError(`messages lie more than ${DEEPEST} levels deep`);
      if (repeated) this.#path[this.#path.length - 1] = `${key}[${list.length}]`;
      const value = this.#message(kind, this.#end(wire));
      if (repeated) list.push(value);
      else values[key] = value;
    } else if (isElementsKind(kind)) {
      const elements = (values[key] ??= new ElementList(kind)) as ElementList;
      elements.read(this.#reader, wire, wire === WireType.LengthDelimited ? this.#end(wire) : null);
    } else if (!repeated) values[key] = this.#scalar(kind, wire);
    else if (wire === WireType.LengthDelimited && kind !== "string" && kind !== "bytes") {
      const end = this.#end(wire);
      while (this.#reader.pos < end) list.push(this.#number(kind));
      if (this.#reader.pos > end) throw new RangeError("a list ends within an element");
    } else list.push(this.#scalar(kind, wire));
  }

  /** Reads the length of a part, and returns where it ends. */
  #end(wire: WireType): number {
    this.#require(wire, WireType.LengthDelimited);
    const reader = this.#reader, length = reader.uint32(), left = reader.len - reader.pos;
    if (length > left) {
      throw new RangeError(`a part of ${length} bytes begins, and the file has only ${left} more`);
    }
    return reader.pos + length;
  }

  #require(wire: WireType, wanted: WireType): void {
    if (wire !== wanted) throw new TypeError(`the wire type must be ${wanted}: current type is ${wire}`);
  }

  #scalar(kind: Exclude<FieldKind, "floats">, wire: WireType): unknown {
    if (kind === "string" || kind === "bytes") {
      this.#require(wire, WireType.LengthDelimited);
      return kind === "string" ? this.#reader.string() : this.#reader.bytes();
    }
    this.#require(wire, kind === "float" ? WireType.Bit32 : WireType.Varint);
    return this.#number(kind as NumberKind);
  }

  #number(kind: NumberKind | FieldKind): number | bigint {
    if (kind === "float") return this.#reader.float();
    if (kind === "int32") return this.#reader.int32();
    const value = BigInt(this.#reader.int64()), number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    if (kind === "int64") return value;
    throw new RangeError(`a number must be exact in float64: current number is ${value}`);
  }
}

/**
 * Decodes a file of ONNX: its graph as plain objects. Nothing in it is checked but the form of the file; its stored tensors
 * share memory with `bytes`. {@linkcode loadOnnx} makes a module of a file.
 *
 * @param bytes The contents of the file.
 * @param file The name of the file, for errors.
 * @throws {TypeError} If the file is damaged or no model.
 * @throws {RangeError} If the file is larger than the 2 GiB that protobuf allows.
 *
 * @example A graph of one node, there and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeOnnx, encodeOnnx } from "@troodon/onnx";
 *
 * const bytes = encodeOnnx({
 *   irVersion: 8,
 *   opsetImport: [{ domain: "", version: 17 }],
 *   graph: {
 *     name: "one",
 *     node: [{ opType: "Relu", input: ["x"], output: ["y"], attribute: [] }],
 *     initializer: [],
 *     input: [{ name: "x" }],
 *     output: [{ name: "y" }],
 *   },
 * });
 * assertEquals(decodeOnnx(bytes).graph.node[0]?.opType, "Relu");
 * ```
 */
export function decodeOnnx(bytes: Uint8Array, file = "the model"): OnnxModel {
  checkCall("decodeOnnx", arguments, "yT");
  const model: Partial<OnnxModel> = new Decoder(bytes, file).decode(MODEL);
  if (model.graph === undefined) {
    throw new TypeError(`Cannot read ${file} as it must be a model of ONNX: it has no graph`);
  }
  return model as OnnxModel;
}

/**
 * Decodes a stored tensor by itself, as the files of ONNX's test cases hold.
 *
 * @param bytes The contents of the file.
 * @param file The name of the file, for errors.
 * @throws {TypeError} If the file is damaged.
 */
export function decodeOnnxTensor(bytes: Uint8Array, file = "the tensor"): OnnxTensor {
  checkCall("decodeOnnxTensor", arguments, "yT");
  return new Decoder(bytes, file).decode(TENSOR);
}
