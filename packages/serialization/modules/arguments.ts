/** Arguments of constructors as JSON. */
import { type Device, Tensor, zeros } from "@troodon/core";
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
  const bytes = state.has(tensor) ? {} : { bytes: (await elementsOf(tensor)).slice().toBase64() };
  return { [KIND]: "tensor", dtype, shape, parameter, ...bytes };
}

/** Context in which {@linkcode decodeArgument} decodes the arguments of a module. */
export interface DecodeContext {
  /** The name of the file, for errors. */
  readonly file: string;
  /** Device that the tensors live on (default: the chosen device). */
  readonly device: Device | undefined;
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
export function decodeArgument(data: unknown, context: DecodeContext): unknown {
  if (Array.isArray(data)) return data.map((item) => decodeArgument(item, context));
  if (typeof data !== "object" || data === null) return data;
  const record = data as Readonly<Record<string, unknown>>, kind = record[KIND];
  const decoded = ([key, item]: [string, unknown]) => [key, decodeArgument(item, context)] as const;
  switch (kind) {
    case undefined:
      return Object.fromEntries(Object.entries(record).map(decoded));
    case "record":
      return Object.fromEntries((record["entries"] as [string, unknown][]).map(decoded));
    case "undefined":
      return undefined;
    case "number":
      return Number(record["text"]);
    case "bigint":
      return BigInt(record["text"] as string);
    case "tensor":
      return decodeTensor(record, context);
    default:
      return context.module(record);
  }
}

function decodeTensor(record: Readonly<Record<string, unknown>>, context: DecodeContext): Tensor {
  const { dtype, shape, bytes, parameter } = record, { file, device } = context;
  if (typeof dtype !== "string" || !isDType(dtype) || !isShape(shape)) {
    throw new TypeError(
      `Cannot read ${file} as the tensors among its arguments must have a dtype and a shape`,
    );
  }
  const made = typeof bytes === "string"
    ? tensorOf(Uint8Array.fromBase64(bytes), dtype, shape, device)
    : zeros(shape, { dtype, ...(device && { device }) });
  if (parameter !== true) return made;
  using data = made;
  return context.parameter(data);
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
}
