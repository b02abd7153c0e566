/** What the files of this folder hold: calls of PyTorch with their results. */
import { type Device, type DType, fromTypedArray, type Tensor } from "@troodon/core";

/** A tensor in a case. */
export interface TensorRecord {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly (number | boolean | string)[];
}

/** An argument in a case: a tensor, or a list, or what JSON has. */
export type Argument =
  | { readonly tensor: TensorRecord }
  | readonly Argument[]
  | number
  | string
  | boolean
  | null;

/** Gradients, arranged as the arguments are. */
export type Gradients = TensorRecord | readonly Gradients[] | null;

/** A call of one function, and what PyTorch gave. */
export interface Case {
  readonly name: string;
  readonly op: string;
  readonly args: readonly Argument[];
  readonly kwargs: Readonly<Record<string, Argument>>;
  /** Settings of a module, where `op` is one; its parameters are the last arguments. */
  readonly module?: Readonly<Record<string, number | string | boolean | null>>;
  /** Names of the parameters of that module, in the order of the arguments. */
  readonly params?: readonly string[];
  readonly outputs?: readonly TensorRecord[];
  readonly grad_outputs?: readonly (TensorRecord | null)[];
  readonly grad_inputs?: readonly Gradients[];
  readonly grad_kwargs?: Readonly<Record<string, Gradients>>;
  /** PyTorch refuses the call. */
  readonly error?: boolean;
  /** The type of its floating tensors, where it is about that. */
  readonly dtype?: string;
  /** Results of the same inputs in float64, where PyTorch itself is far off. */
  readonly float64_outputs?: readonly TensorRecord[];
  /** Gradients of the inputs that have one, in order, in float64. */
  readonly float64_grad_inputs?: readonly TensorRecord[];
}

/** The cases of a file of this folder. */
export function loadCases(file: string): readonly Case[] {
  return JSON.parse(Deno.readTextFileSync(new URL(file, import.meta.url))).cases;
}

/** JSON has no such numbers. */
export const REVIVED: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };

/** The number that a record holds. */
export function numberOf(value: number | boolean | string): number {
  return typeof value === "string" ? REVIVED[value] ?? Number(value) : Number(value);
}

/** The exact value that a record of int64 holds: large ones are written as text. */
export function longOf(value: number | boolean | string): bigint {
  return BigInt(typeof value === "boolean" ? Number(value) : value);
}

/** float64 is float32 where a device has no other. */
export function dtypeOf(name: string, { backend }: Device): DType {
  const dtype = name as DType;
  return dtype === "float64" && !backend.limits.dtypes.includes(dtype) ? "float32" : dtype;
}

/** The tensor of a record on a device. */
export function make({ shape, dtype, data }: TensorRecord, device: Device): Tensor {
  const values = dtype === "int64" ? BigInt64Array.from(data, longOf) : Float64Array.from(data, numberOf);
  return fromTypedArray(values, shape, { device, dtype: dtypeOf(dtype, device) });
}
