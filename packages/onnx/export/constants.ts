/** Constants of a graph: equality between runs, names and bytes. */
import type { Tensor } from "@troodon/core";
import { bytesOf, type Storage } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import type { OnnxTensor } from "../model/types.ts";
import { onnxType } from "./graph/data_types.ts";
import { encodeNumbers } from "./graph/encode_numbers.ts";
import { alike } from "./graph/alike.ts";
import { paramsOf } from "./graph/join.ts";
import type { Recording, Value } from "./trace/recording.ts";

/** The elements of a tensor in row-major order, little-endian. */
export async function bytesOfTensor(x: Tensor): Promise<Uint8Array> {
  if (x.dtype !== "int64") return encodeNumbers(await x.dataAsync(), x.dtype);
  const exact = await x.dataAsync({ bigint: true });
  return new Uint8Array(exact.buffer, exact.byteOffset, exact.byteLength);
}

/** Compares constants between runs. */
export class Constants {
  readonly #bytes = new Map<Value, Uint8Array>();
  readonly #known = new Map<Value, boolean>();

  private constructor() {}

  /** Reads the constants of `recordings` that are not one piece of memory in all of them. */
  static async of(recordings: readonly Recording[]): Promise<Constants> {
    const constants = new Constants();
    const leaves = recordings.map(({ calls, outputs }) =>
      new Set(
        [...calls.flatMap((call) => call.inputs), ...outputs].filter((v) =>
          v.constant && v.producers.length === 0
        ),
      )
    );
    const storages = leaves.map((values) => new Set([...values].flatMap(({ held }) => held?.storage ?? [])));
    for (const values of leaves) {
      for (const value of values) {
        const { held } = value;
        if (held === null || storages.every((set) => set.has(held.storage))) continue;
        constants.#bytes.set(value, await bytesOfTensor(held));
      }
    }
    return constants;
  }

  /** Returns true if a constant is equal in all runs: the same memory or bytes, or computed alike from such. */
  isFixed(values: readonly Value[]): boolean {
    const [first] = values as [Value], known = this.#known.get(first);
    if (known !== undefined) return known;
    const fixed = this.#isFixed(first, values.slice(1));
    this.#known.set(first, fixed);
    return fixed;
  }

  #isFixed(first: Value, others: readonly Value[]): boolean {
    if (!others.every(({ spec }) => alike(spec, first.spec))) return false;
    if (first.producers.length > 0) {
      const { call } = first.producers[0]!;
      return others.every((other) => {
        const made = other.producers[0]?.call;
        return made !== undefined && made.action.kind === call.action.kind &&
          alike(paramsOf(made.action), paramsOf(call.action)) && made.inputs.length === call.inputs.length;
      }) && call.inputs.every((input, i) =>
        this.isFixed([
          input,
          ...others.map((other) => other.producers[0]!.call.inputs[i]!),
        ])
      );
    }
    const bytes = this.#bytes.get(first);
    return others.every((other) => {
      if (bytes === undefined) {
        return other.held !== null && first.held !== null && other.held.storage === first.held.storage;
      }
      const own = this.#bytes.get(other);
      return own !== undefined && own.length === bytes.length && own.every((byte, i) => byte === bytes[i]);
    });
  }
}

/** The names of parameters and buffers by their memory; tied ones have the first of their names. */
export class StateNames {
  readonly #names = new Map<Storage, [name: string, tensor: Tensor][]>();

  /** Of the state of `module`. */
  constructor(module: AnyModule) {
    const named = [...module.namedParameters(), ...module.namedBuffers()];
    for (const [name, tensor] of named) {
      const known = this.#names.get(tensor.storage);
      if (known === undefined) this.#names.set(tensor.storage, [[name, tensor]]);
      else known.push([name, tensor]);
    }
  }

  /** All names. */
  get all(): string[] {
    return [...this.#names.values()].flatMap((named) => named.map(([name]) => name));
  }

  /** The name of what `x` shows all of; undefined if it is no parameter or buffer. */
  of(x: Tensor): string | undefined {
    return this.#names.get(x.storage)?.find(([, tensor]) =>
      tensor.offset === x.offset && alike(tensor.shape, x.shape) && alike(tensor.strides, x.strides)
    )?.[0];
  }
}

/** A stored tensor with the elements of `x`. */
export async function stored(name: string, x: Tensor): Promise<OnnxTensor & { readonly name: string }> {
  const rawData = await bytesOfTensor(x);
  if (rawData.length !== x.numel() * bytesOf(x.dtype)) {
    throw new RangeError(
      `Cannot export ${name} as its elements must be readable: ${rawData.length} bytes were read`,
    );
  }
  return { name, dims: x.shape, dataType: onnxType(x.dtype), rawData };
}
