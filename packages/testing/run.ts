/** One call on one device, brought back to the host. */
import { grad } from "@troodon/autograd";
import {
  type Device,
  type DType,
  fromTypedArray,
  isFloating,
  Scope,
  type Shape,
  Tensor,
  type TypedArray,
} from "@troodon/core";
import type { OpCase, OpResult } from "./case.ts";
import { laidOut, type LayoutKind } from "./layouts.ts";
import type { Operand } from "./operand.ts";

/** Operands with their values. */
export interface Drawn {
  /** Shapes and types of the operands. */
  readonly operands: readonly Operand[];
  /** Elements of each operand in row-major order. */
  readonly values: readonly Float64Array[];
}

/** A tensor's contents on the host. */
export interface HostTensor {
  /** Its extents. */
  readonly shape: Shape;
  /** Its type. */
  readonly dtype: DType;
  /** Its elements in row-major order; bigints for int64. */
  readonly data: TypedArray | BigInt64Array;
}

/** All that is compared of a call. */
export interface Outcome {
  /** The tensors of the result. */
  readonly outputs: readonly HostTensor[];
  /** Which of them have a gradient; none where no derivative was asked for. */
  readonly differentiable: readonly boolean[];
  /** Gradients of the operands; null for those without one. */
  readonly grads: readonly (HostTensor | null)[];
  /** Gradients of the operands from those gradients; null stands for zeros. */
  readonly seconds: readonly (HostTensor | null)[];
}

/** Which derivatives are taken: none, the first, the second as well. */
export type Order = 0 | 1 | 2;

/** The tensors of a result, those of its parts among them. */
export function tensorsOf(result: OpResult): readonly Tensor[] {
  if (result instanceof Tensor) return [result];
  return Object.values(result).flatMap((part) => typeof part === "object" && part ? tensorsOf(part) : []);
}

/** The operands as tensors. */
export function tensorsFrom(
  device: Device,
  float: DType,
  { operands, values }: Drawn,
  layout: LayoutKind,
): Tensor[] {
  return operands.map(({ shape, dtype }, i) =>
    laidOut(device, dtype === "float" ? float : dtype, shape, values[i]!, layout, i)
  );
}

async function toHost(t: Tensor): Promise<HostTensor> {
  const { shape, dtype } = t;
  return { shape, dtype, data: await (dtype === "int64" ? t.dataAsync({ bigint: true }) : t.dataAsync()) };
}

/** What element `i` of result `salt` weighs: numbers around 1 without a pattern, exact in float16. */
export function weight(i: number, salt: number): number {
  const x = ((i + 1 + 31 * salt) * 0.6180339887498949) % 1;
  return 0.5 + Math.round(x * 64) / 64;
}

/** Weights of the elements of `y`, see {@linkcode weight}. */
export function weightsLike(y: Tensor, salt: number): Tensor {
  const values = Float64Array.from({ length: y.numel() }, (_, i) => weight(i, salt));
  return fromTypedArray(values, y.shape, { device: y.device, dtype: y.dtype });
}

/** Runs `op` and takes derivatives of a weighted sum of its results up to `order`; frees everything. */
export async function run(
  { op }: Pick<OpCase, "op">,
  device: Device,
  float: DType,
  drawn: Drawn,
  layout: LayoutKind,
  order: Order,
): Promise<Outcome> {
  using _ = new Scope();
  const inputs = tensorsFrom(device, float, drawn, layout);
  if (order > 0) { for (const t of inputs) if (isFloating(t.dtype)) t.requiresGrad_(); }
  const results = tensorsOf(op(...inputs));
  const outputs = await Promise.all(results.map(toHost));
  if (order === 0) return { outputs, differentiable: [], grads: [], seconds: [] };
  const differentiable = results.map((y) => y.requiresGrad);
  const leaves = inputs.filter((t) => t.requiresGrad);
  const firsts = derivatives(results, leaves, order === 2);
  const seconds = order === 2 ? derivatives(firsts.filter((g) => g !== null), leaves, false) : [];
  const ofInputs = (found: readonly (Tensor | null)[]) =>
    Promise.all(inputs.map((t) => {
      const g = found[leaves.indexOf(t)] ?? null;
      return g === null ? null : toHost(g);
    }));
  return { outputs, differentiable, grads: await ofInputs(firsts), seconds: await ofInputs(seconds) };
}

/** The gradients of a weighted sum of those of `results` that have any. */
function derivatives(
  results: readonly Tensor[],
  leaves: readonly Tensor[],
  createGraph: boolean,
): readonly (Tensor | null)[] {
  const roots = results.filter((y) => y.requiresGrad);
  if (roots.length === 0) return leaves.map(() => null);
  const gradOutputs = results.flatMap((y, i) => y.requiresGrad ? [weightsLike(y, i)] : []);
  return grad(roots, leaves, { gradOutputs, createGraph, allowUnused: true });
}
