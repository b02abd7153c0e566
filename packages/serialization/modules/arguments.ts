/** Arguments of constructors as JSON. */
import { type Device, type DType, Tensor, zeros } from "@troodon/core";
import { bytesOf, showArgument } from "@troodon/core/kernel";
import { fromBase64, toBase64 } from "@troodon/io";
import { DEEPEST } from "../contents/contents.ts";
import { elementsOf, isDType, tensorOf } from "../contents/stored_tensor.ts";
import { isModule, type SavableModule } from "./module_record.ts";

/** The key that tells what JSON has not from records. */
const KIND = "$";

/** Context in which {@linkcode encodeArgument} encodes the arguments of a module. */
export interface EncodeContext {
  /** The module that the arguments are of, for errors. */
  readonly owner: string;
  /** The tensors that the state holds, whose values need not be written again. */
  readonly state: ReadonlySet<Tensor>;
  /** A module among the arguments as data. */
  readonly module: (module: SavableModule) => Promise<unknown>;
}

/**
 * An argument as JSON: numbers, strings, booleans, null, undefined, lists, records, tensors and modules.
 *
 * @throws {TypeError} If it holds a function or an object of another class.
 */
export async function encodeArgument(value: unknown, context: EncodeContext): Promise<unknown> {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return { [KIND]: "undefined" };
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { [KIND]: "number", text: Object.is(value, -0) ? "-0" : `${value}` };
  }
  if (typeof value === "bigint") return { [KIND]: "bigint", text: `${value}` };
  if (value instanceof Tensor) return await encodeTensor(value, context);
  if (isModule(value)) return await context.module(value);
  if (Array.isArray(value)) return await encodeAll(value, context);
  if (isPlainRecord(value)) {
    // A device is where the module is now: where it will be is up to whoever loads it.
    const entries = Object.entries(value).filter(([key, item]) => key !== "device" && item !== undefined);
    const encoded = await encodeAll(entries.map(([, item]) => item), context);
    const record = Object.fromEntries(entries.map(([key], i) => [key, encoded[i]]));
    return KIND in record ? { [KIND]: "record", entries: Object.entries(record) } : record;
  }
  const what = typeof value === "function"
    ? `the function ${value.name || "without a name"}`
    : `a ${(value as object).constructor.name}`;
  throw new TypeError(
    `Cannot save ${context.owner} as its arguments must be plain values, tensors or modules: one is ${what}; ` +
      "save its stateDict() instead",
  );
}

async function encodeAll(values: readonly unknown[], context: EncodeContext): Promise<unknown[]> {
  const encoded: unknown[] = [];
  for (const value of values) encoded.push(await encodeArgument(value, context));
  return encoded;
}

async function encodeTensor(tensor: Tensor, { state }: EncodeContext): Promise<unknown> {
  const { dtype, shape } = tensor, parameter = tensor.constructor !== Tensor;
  const bytes = state.has(tensor) ? {} : { bytes: toBase64(await elementsOf(tensor)) };
  return { [KIND]: "tensor", dtype, shape, parameter, ...bytes };
}

/** Context in which {@linkcode decodeArgument} decodes the arguments of a module. */
export interface DecodeContext {
  /** The name of the file, for errors. */
  readonly file: string;
  /** Device that the tensors live on (default: the chosen device). */
  readonly device: Device | undefined;
  /** Counts the elements of a tensor before it is created; throws if there are too many. */
  readonly take: (elements: number) => void;
  /** Receives the tensors among the arguments as they are created. */
  readonly tensors: Tensor[];
  /** Makes a parameter of a tensor, which may be disposed of afterwards. */
  readonly parameter: (data: Tensor) => Tensor;
  /** Makes a module of its data. */
  readonly module: (record: Readonly<Record<string, unknown>>) => unknown;
}

/**
 * The opposite of {@linkcode encodeArgument}.
 *
 * @throws {TypeError} If the data are of no kind that it writes.
 */
export function decodeArgument(data: unknown, context: DecodeContext, depth: number = 0): unknown {
  if (depth > DEEPEST) {
    throw malformedModules(context.file, `arguments may lie ${DEEPEST} deep: some lie deeper`);
  }
  const decode = (item: unknown): unknown => decodeArgument(item, context, depth + 1);
  if (Array.isArray(data)) return data.map(decode);
  if (typeof data !== "object" || data === null) return data;
  const record = data as Readonly<Record<string, unknown>>, kind = record[KIND];
  switch (kind) {
    case undefined:
      return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, decode(item)]));
    case "record": {
      const { entries } = record;
      if (!Array.isArray(entries) || !entries.every(isEntry)) {
        throw malformedModules(context.file, "a record has entries");
      }
      return Object.fromEntries(entries.map(([key, item]) => [key, decode(item)]));
    }
    case "undefined":
      return undefined;
    case "number":
      return decodeNumber(record["text"], /^(NaN|-?Infinity|-0)$/, Number, context);
    case "bigint":
      return decodeNumber(record["text"], /^-?\d{1,1000}$/, BigInt, context);
    case "tensor":
      return decodeTensor(record, context);
    default:
      return context.module(record);
  }
}

/** Creates the error for an invalid description of modules in a file. */
export function malformedModules(file: string, why: string): TypeError {
  return new TypeError(`Cannot read ${file} as what it says of its modules must be well-formed: ${why}`);
}

const isEntry = (value: unknown): value is readonly [string, unknown] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string";

function decodeNumber<T>(text: unknown, form: RegExp, make: (text: string) => T, { file }: DecodeContext): T {
  if (typeof text === "string" && form.test(text)) return make(text);
  throw malformedModules(file, `there is no number ${showArgument(text)}`);
}

function decodeTensor(record: Readonly<Record<string, unknown>>, context: DecodeContext): Tensor {
  const { dtype, shape, bytes, parameter } = record, { file, device } = context;
  if (typeof dtype !== "string" || !isDType(dtype) || !isShape(shape)) {
    throw malformedModules(file, "tensors among its arguments must have a dtype and a shape");
  }
  context.take(shape.reduce((n, extent) => n * extent, 1));
  const made = typeof bytes === "string"
    ? tensorOf(elementsIn(bytes, dtype, shape, file), dtype, shape, device)
    : zeros(shape, { dtype, ...(device && { device }) });
  context.tensors.push(made);
  if (parameter !== true) return made;
  using data = made;
  const given = context.parameter(data);
  context.tensors.push(given);
  return given;
}

/** Decodes the elements of a tensor from Base64. */
function elementsIn(text: string, dtype: DType, shape: readonly number[], file: string): Uint8Array {
  const size = shape.reduce((n, extent) => n * extent, bytesOf(dtype));
  let bytes: Uint8Array | null = null;
  try {
    bytes = fromBase64(text);
  } catch {
    // Same error as for a wrong number of bytes.
  }
  if (bytes?.length === size) return bytes;
  throw malformedModules(
    file,
    `a tensor of shape [${shape.join(", ")}] and ${dtype} must have ${size} bytes in Base64`,
  );
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
}
