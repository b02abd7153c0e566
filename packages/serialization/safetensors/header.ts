/** The header of safetensors files, and its rules. */
import { showArgument } from "@troodon/core/kernel";
import { FILE_TYPES } from "./dtypes.ts";
import { repeatedKey } from "./repeated_key.ts";

/** Longer headers are refused, as a protection against hostile files. */
export const HEADER_LIMIT = 100_000_000;

/** The key that is not a tensor. */
export const METADATA_KEY = "__metadata__";

/** A tensor as the header describes it. */
export interface Entry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Where its bytes lie in the file. */
  readonly start: number;
  readonly end: number;
}

/** What a header says. */
export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Where the header of a file ends.
 *
 * @param bytes The first eight bytes.
 * @param size The size of the file.
 * @param file What errors call the file.
 * @throws {RangeError} If the header is longer than the format allows, or than the file.
 */
export function headerEnd(bytes: Uint8Array, size: number, file: string): number {
  if (size < 8) {
    throw new RangeError(`Cannot read ${file} as a header begins with 8 bytes: current size is ${size}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > HEADER_LIMIT) {
    throw new RangeError(
      `Cannot read ${file} as its header must have at most ${HEADER_LIMIT} bytes: current length is ${length}`,
    );
  }
  const end = 8 + Number(length);
  if (end > size) {
    throw new RangeError(`Cannot read ${file} as its header ends at byte ${end}: current size is ${size}`);
  }
  return end;
}

/**
 * Reads and checks the header of a file.
 *
 * @param bytes The file up to its {@linkcode headerEnd}, or more.
 * @param size The size of the file.
 * @param file What errors call the file.
 * @throws {RangeError} If a length, an offset or a shape does not fit.
 * @throws {SyntaxError} If the header is not JSON in UTF-8, or a key comes twice.
 * @throws {TypeError} If a part of the header is not of the kind it must be.
 */
export function readHeader(bytes: Uint8Array, size: number, file: string): Header {
  const begin = headerEnd(bytes, size, file);
  const record = parseHeader(bytes.subarray(8, begin), file);
  const { [METADATA_KEY]: metadata, ...tensors } = record;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(file, name, value, begin));
  checkOffsets(file, entries, begin, size);
  return { entries, metadata: metadata === undefined ? {} : readMetadata(file, metadata) };
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  if (bytes[0] !== 0x7b) {
    throw new SyntaxError(
      `Cannot read ${file} as its header must begin with "{": current byte 8 is ${bytes[0]}`,
    );
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${file} as its header must be JSON in UTF-8`, { cause });
  }
  const repeated = repeatedKey(text);
  if (repeated !== null) {
    throw new SyntaxError(
      `Cannot read ${file} as names must differ: "${repeated}" comes twice in its header`,
    );
  }
  return value as Record<string, unknown>;
}

function readMetadata(file: string, value: unknown): Record<string, string> {
  const isText = (text: unknown): boolean => typeof text === "string" && text.isWellFormed();
  if (isRecord(value) && Object.entries(value).flat().every(isText)) return value as Record<string, string>;
  throw new TypeError(`Cannot read ${file} as ${METADATA_KEY} must be an object of strings`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function readEntry(file: string, name: string, value: unknown, begin: number): Entry {
  const fail = (kind: new (message: string) => Error, wanted: string, current: unknown): never => {
    throw new kind(
      `Cannot read "${name}" of ${file} as ${wanted}: current value is ${showArgument(current)}`,
    );
  };
  if (!isRecord(value)) return fail(TypeError, "its entry must be an object", value);
  if (!name.isWellFormed()) {
    return fail(SyntaxError, "its name must be UTF-16 without halves of letters", name);
  }
  const { dtype: type, shape, data_offsets: offsets, ...rest } = value;
  for (const key of Object.keys(rest)) {
    fail(TypeError, "its fields must be dtype, shape and data_offsets", key);
  }
  const fileType = typeof type === "string" && Object.hasOwn(FILE_TYPES, type) ? FILE_TYPES[type] : undefined;
  if (typeof type !== "string" || fileType === undefined) {
    return fail(TypeError, "its dtype must be one of the format", type);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return fail(TypeError, "its shape must be an array of whole numbers", shape);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return fail(TypeError, "its data_offsets must be two whole numbers", offsets);
  }
  const [start, end] = offsets as [number, number];
  const size = shape.reduce((n, extent) => n * BigInt(extent), BigInt(fileType.bits));
  if (size !== 8n * BigInt(end - start)) {
    const wanted = size % 8n === 0n ? `${size / 8n} bytes` : `${size} bits, which are no whole bytes`;
    return fail(
      RangeError,
      `${type} of shape [${shape.join(", ")}] has ${wanted} between its data_offsets`,
      offsets,
    );
  }
  return { name, type, shape, start: begin + start, end: begin + end };
}

/** The tensors must follow one another without holes to the end of the file. */
function checkOffsets(file: string, entries: readonly Entry[], begin: number, size: number): void {
  let at = begin;
  const sorted = entries.toSorted((a, b) => a.start - b.start || a.end - b.end);
  for (const { name, start, end } of sorted) {
    if (end > size) {
      throw new RangeError(
        `Cannot read "${name}" of ${file} as it ends at byte ${end}: current size is ${size}`,
      );
    }
    if (start !== at) {
      throw new RangeError(
        `Cannot read "${name}" of ${file} as tensors must lie side by side: it begins at byte ${start} ` +
          `where the one before ends at byte ${at}`,
      );
    }
    at = end;
  }
  if (at !== size) {
    throw new RangeError(`Cannot read ${file} as its tensors end at byte ${at}: current size is ${size}`);
  }
}
