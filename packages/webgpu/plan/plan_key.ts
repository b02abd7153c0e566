/** What a plan may depend on, as numbers. */
import type { Body, DType, FusedKernel, KernelCall, MandatoryKernel, Window2d } from "@troodon/core";
import { NumberKey } from "../device/keyed_cache.ts";
import type { GpuBuffer } from "../device/pool.ts";
import type { MapsCall } from "../kernels/maps.ts";
import { alignmentOf, type GpuView } from "../operands.ts";
import { STATUS_SLOT } from "./plan.ts";
import { endsMemory } from "./planner.ts";

/** All that is planned: a call of a family, or several maps as one. */
export type PlannableCall = KernelCall | MapsCall;

/** What a call may hold. */
type Field = number | string | boolean | readonly number[] | Body | Window2d | undefined;

/** The calls that may have a name. */
type CallNamed<N, C = PlannableCall> = C extends { readonly kernel: infer K } ? N extends K ? C : never
  : never;

/** The fields of a call that its plan may depend on: all but its name and those numbers that are live words. */
type FieldOf<C> = C extends unknown ? Exclude<keyof C, "kernel" | "scalars" | "random"> : never;

/** Any call by its fields. */
type Fields = { readonly kernel: string } & { readonly [F in FieldOf<PlannableCall>]?: Field };

type KernelName = MandatoryKernel | FusedKernel | "maps";

/** No field can be forgotten: the compiler wants all of them. */
const FIELDS: { readonly [N in KernelName]: Readonly<Record<FieldOf<CallNamed<N>>, true>> } = {
  map: { body: true, compute: true, shape: true },
  maps: { body: true, compute: true, parts: true },
  reduce: { op: true, body: true, post: true, compute: true, shape: true, axes: true },
  argreduce: { op: true, axis: true },
  scan: { op: true, axis: true, reverse: true },
  matmul: { epilogue: true },
  gather: { axis: true, refusal: true },
  scatter: { axis: true, mode: true },
  sort: { axis: true, descending: true },
  fold: { axis: true, step: true, dilation: true },
  conv2d: { window: true, groups: true },
  conv2dInputGrad: { window: true, groups: true },
  conv2dWeightGrad: { window: true, groups: true },
  maxPool2d: { window: true, relu: true },
  maxPool2dGrad: { window: true },
  avgPool2d: { window: true, countIncludePad: true },
  avgPool2dGrad: { window: true, countIncludePad: true },
  softmax: {},
  logSoftmax: {},
  softmaxGrad: {},
  logSoftmaxGrad: {},
  crossEntropy: { ignoreIndex: true },
  crossEntropyGrad: { ignoreIndex: true },
  crossEntropyLoss: { ignoreIndex: true, reduction: true },
  crossEntropyLossGrad: { ignoreIndex: true },
  batchNorm: { eps: true },
  batchNormGrad: {},
  layerNorm: { eps: true },
  layerNormGrad: {},
};

interface KnownKernel {
  readonly number: number;
  readonly fields: readonly FieldOf<PlannableCall>[];
}

const NAMES: ReadonlyMap<string, KnownKernel> = new Map(
  Object.entries(FIELDS).map(([kernel, fields], number) => [
    kernel,
    { number, fields: Object.keys(fields) as FieldOf<PlannableCall>[] },
  ]),
);

const DTYPES: Readonly<Record<DType, number>> = {
  float32: 0,
  float64: 1,
  float16: 2,
  bfloat16: 3,
  int32: 4,
  uint8: 5,
  bool: 6,
  int64: 7,
};

const WINDOW: Readonly<Record<keyof Window2d, true>> = {
  size: true,
  stride: true,
  padding: true,
  dilation: true,
};
const WINDOW_PARTS = Object.keys(WINDOW) as readonly (keyof Window2d)[];

/** Stands for a field that is not there; no other field of its name is equal to it. */
const MISSING = -0.5;

/**
 * The key of the plan of a call: equal for two calls exactly where one plan does for both. It knows the fields of the call
 * but for its scalars and random state, and of its views dtype, shape, strides, which of them share a buffer, how well
 * their offsets are aligned, and which outputs end their buffers.
 */
export class PlanKey extends NumberKey {
  /** The buffer of each slot of the call that the key was made for. */
  readonly buffers: GpuBuffer[];
  readonly #texts = new Map<string, number>();

  /** An empty key; `status` is the buffer of {@linkcode STATUS_SLOT}. */
  constructor(status: GpuBuffer) {
    super();
    this.buffers = [status];
  }

  /** Becomes the key of a call. */
  of(call: PlannableCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): this {
    this.clear();
    this.buffers.length = STATUS_SLOT + 1;
    const known = NAMES.get(call.kernel), values: Fields = call;
    if (known === undefined) throw noSuchKernel(call.kernel);
    const { number, fields } = known;
    this.push(number);
    for (let i = 0; i < fields.length; i++) this.#field(values[fields[i]!]);
    this.push(inputs.length);
    for (let i = 0; i < inputs.length; i++) this.#view(inputs[i]!, false);
    for (let i = 0; i < outputs.length; i++) this.#view(outputs[i]!, true);
    return this;
  }

  #field(value: Field): void {
    if (typeof value === "number") this.push(value);
    else if (typeof value === "string") this.push(this.#text(value));
    else if (typeof value === "boolean") this.push(value ? 1 : 0);
    else if (value === undefined) this.push(MISSING);
    else if (isList(value)) this.list(value);
    else if ("id" in value) this.push(value.id);
    else for (const part of WINDOW_PARTS) this.list(value[part]);
  }

  #text(value: string): number {
    let number = this.#texts.get(value);
    if (number === undefined) this.#texts.set(value, number = this.#texts.size);
    return number;
  }

  #view(view: GpuView, output: boolean): void {
    const { buffer, dtype, shape, strides, offset } = view, { buffers } = this;
    let slot = STATUS_SLOT + 1;
    while (slot < buffers.length && buffers[slot] !== buffer) slot++;
    if (slot === buffers.length) buffers.push(buffer);
    const last = output && endsMemory(view) ? 1 : 0;
    this.push(DTYPES[dtype] + 8 * (last + 2 * (alignmentOf(offset) + 8 * slot)));
    this.list(shape);
    this.list(strides);
  }
}

/** The error of a call that no kernel does. */
export function noSuchKernel(kernel: string): TypeError {
  return new TypeError(`Cannot launch ${kernel}() as webgpu has no such kernel: ask supports() first`);
}

function isList(value: readonly number[] | Body | Window2d): value is readonly number[] {
  return Array.isArray(value);
}
