/** Named tensors as safetensors: https://github.com/huggingface/safetensors#format */
import type { Device, StateDict, Tensor } from "@troodon/core";
import { ReadTensors } from "../contents/read_tensors.ts";
import { elementsOf, tensorOf } from "../contents/stored_tensor.ts";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { alignmentOrder, FILE_TYPE_OF, FILE_TYPES } from "./dtypes.ts";
import { HEADER_LIMIT, METADATA_KEY, readHeader } from "./header.ts";

/** Options of writing. */
export interface EncodeOptions {
  /** Texts that travel with the tensors. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The keys of {@linkcode EncodeOptions}. */
export const ENCODE_OPTIONS: OptionKeys<EncodeOptions> = { metadata: true };

/** Options of reading. */
export interface DecodeOptions {
  /** Where the tensors are to live; the chosen device by default. */
  readonly device?: Device;
  /** What errors call the bytes; "the file" by default. */
  readonly name?: string;
}
const DECODE_OPTIONS: OptionKeys<DecodeOptions> = { name: true, device: true };

/** What was read. */
export interface Safetensors {
  /**
   * The tensors, in the order of the header. It has the names of tensors that could not be read, too, but to get one is a
   * TypeError; loops leave them out.
   */
  readonly tensors: StateDict;
  /** The names of tensors of dtypes that there are none of here (F8_E4M3, I16, C64 and so on), and their dtypes. */
  readonly unread: ReadonlyMap<string, string>;
  /** Texts that came with them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file. A tensor that comes under several names, as tied weights do in a state dictionary, is
 * written under each, so that every reader finds it under the name that it knows. Byte for byte what the reference implementation
 * writes: tensors sorted by alignment and then by name, the header padded to 8 bytes.
 *
 * @throws {RangeError} If the header would be longer than the format allows.
 * @throws {TypeError} If a tensor has the name that is the metadata's.
 *
 * @example There and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { decodeSafetensors, encodeSafetensors } from "@troodon/serialization";
 *
 * const device = new Device(new ReferenceBackend());
 * const state = new Map([["weight", tensor([[1, 2], [3, 4]], { device })]]);
 * const bytes = await encodeSafetensors(state, { metadata: { epoch: "3" } });
 * const { tensors, metadata } = decodeSafetensors(bytes, { device });
 * assertEquals(tensors.get("weight")?.tolist(), [[1, 2], [3, 4]]);
 * assertEquals(metadata, { epoch: "3" });
 * ```
 */
export async function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  options?: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { metadata = {} } = readOptions("encodeSafetensors()", options, ENCODE_OPTIONS);
  if (tensors.has(METADATA_KEY)) {
    throw new TypeError(`Cannot write a tensor as "${METADATA_KEY}" as that is the name of the metadata`);
  }
  const sorted = [...tensors].map(([name, tensor]) => ({ name, tensor, type: FILE_TYPE_OF[tensor.dtype] }))
    .sort((a, b) => alignmentOrder(b.type) - alignmentOrder(a.type) || (a.name < b.name ? -1 : 1));
  let end = 0;
  const entries = sorted.map(({ name, tensor, type }): [string, unknown] => {
    const start = end;
    end += tensor.numel() * FILE_TYPES[type]!.bits / 8;
    return [name, { dtype: type, shape: tensor.shape, data_offsets: [start, end] }];
  });
  if (Object.keys(metadata).length > 0) entries.unshift([METADATA_KEY, metadata]);
  // Not an object, which would put names that are numbers first.
  const text = `{${
    entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")
  }}`;
  const header = new TextEncoder().encode(text);
  const length = Math.ceil(header.length / 8) * 8;
  if (length > HEADER_LIMIT) {
    throw new RangeError(
      `Cannot write tensors as their header must have at most ${HEADER_LIMIT} bytes: current length is ${length}`,
    );
  }
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length).set(header, 8);
  let at = 8 + length;
  for (const { tensor } of sorted) {
    const data = await elementsOf(tensor);
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

/**
 * The tensors in the bytes of a safetensors file. F32, F64, F16, BF16, I64, I32, U8 and BOOL
 * keep their type. Those of other dtypes are left out, and an error only for who asks for them.
 *
 * @throws {RangeError} If a length, an offset, or a shape does not fit.
 * @throws {SyntaxError} If the header is not JSON in UTF-8, or a name comes twice.
 * @throws {TypeError} If a part of the header is not of the kind it must be, or the device has no such dtype.
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): Safetensors {
  options = readOptions("decodeSafetensors()", options, DECODE_OPTIONS);
  const { device, name: file = "the file" } = options;
  const { entries, metadata } = readHeader(bytes, bytes.length, file);
  const unread = new Map<string, string>(), tensors = new ReadTensors(file, unread);
  try {
    for (const entry of entries) {
      const { dtype } = FILE_TYPES[entry.type]!;
      if (dtype === null) {
        unread.set(entry.name, entry.type);
        continue;
      }
      tensors.set(entry.name, tensorOf(bytes.subarray(entry.start, entry.end), dtype, entry.shape, device));
    }
  } catch (error) {
    for (const tensor of tensors.values()) tensor.dispose();
    throw error;
  }
  return { tensors, unread, metadata };
}
