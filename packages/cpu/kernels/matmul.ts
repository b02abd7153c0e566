/** Products of matrices, and what is done to them before anyone reads them. */
import {
  type Body,
  body,
  bytesOf,
  type ComputeType,
  computeType,
  expr,
  type MatmulCall,
  sizeOf,
} from "@troodon/core";
import { BlasGemm } from "../blas/blas_gemm.ts";
import { nativeDuration, worthBlas } from "../blas/worth.ts";
import { duration, type Extents, Gemm, type Matrix } from "../gemm/gemm.ts";
import { type CpuView, type KernelContext, seenAs } from "../kernel.ts";
import type { Call } from "../threads/task.ts";
import { map } from "./map.ts";
import { convert, intoStaged, staged, temporary } from "./stage.ts";

/** The epilogue that costs nothing: what it adds is where the sums begin. */
const SUM: Body = body(expr.add(expr.input(0), expr.input(1)));

/** Nanoseconds of a product, at least and at most, that is done by one thread where there are several of them. */
const [LEAST, MOST] = [3_000, 500_000] as const;

/** See {@linkcode MatmulCall}. */
export function matmul(
  context: KernelContext,
  { epilogue, scalars }: MatmulCall,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
): void {
  const output = outputs[0]!, { shape, dtype } = output, compute = computeType(dtype);
  if (sizeOf(shape) === 0) return;
  const left = staged(context, inputs[0]!, compute), right = staged(context, inputs[1]!, compute);
  if (!epilogue && dtype === compute) return void product(context, compute, left, right, output, undefined);
  const rest = inputs.slice(2);
  intoStaged(context, output, (c) => {
    const addend = epilogue === SUM && rest[0]!.dtype === c.dtype ? rest[0] : undefined;
    const added = product(context, compute, left, right, c, addend);
    if (epilogue && !added) {
      map(context, { kernel: "map", body: epilogue, compute, scalars, shape }, [c, ...rest], [c]);
    }
  });
}

/** c = a b, plus `addend` if its layout allows, which is then the result. */
function product(
  context: KernelContext,
  compute: ComputeType,
  a: CpuView,
  b: CpuView,
  c: CpuView,
  addend: CpuView | undefined,
): boolean {
  const rank = c.shape.length, m = c.shape[rank - 2]!, n = c.shape[rank - 1]!, k = a.shape[rank - 1]!;
  if (k === 0) {
    fillZero(context, c);
    return false;
  }
  const rowStride = c.strides[rank - 2]!, columnStride = c.strides[rank - 1]!;
  const rowsDense = m === 1 || rowStride === 1, columnsDense = n === 1 || columnStride === 1;
  if (!rowsDense && !columnsDense) {
    const copy = temporary(context, c.shape, c.dtype);
    product(context, compute, a, b, copy, undefined);
    convert(context, copy, c);
    return false;
  }
  // Tiles have dense rows, and a column is best multiplied as a row: (b' a')' is a b.
  const turned = !columnsDense || (n === 1 && rowsDense);
  const seed = addend && turned ? transposed(addend) : addend;
  const usable = seed !== undefined && seed.strides[rank - 1] === 1 ? seed : undefined;
  if (turned) multiply(context, compute, transposed(b), transposed(a), transposed(c), usable);
  else multiply(context, compute, a, b, c, usable);
  return usable !== undefined;
}

/** Multiplies batches of matrices, or the only ones. */
function multiply(
  context: KernelContext,
  compute: ComputeType,
  a: CpuView,
  b: CpuView,
  c: CpuView,
  addend: CpuView | undefined,
): void {
  const { shape } = c, rank = shape.length, n = shape[rank - 1]!, k = a.shape[rank - 1]!;
  let m = shape[rank - 2]!, axes = rank - 2;
  // Batches of rows times one matrix are more rows.
  const continues = (view: CpuView | undefined): boolean =>
    view === undefined || view.strides[axes - 1] === m * view.strides[rank - 2]!;
  while (axes > 0 && b.strides[axes - 1] === 0 && continues(a) && continues(c) && continues(addend)) {
    m *= shape[--axes]!;
  }
  const extents = { m, n, k }, bytes = bytesOf(compute), { blas } = context;
  const left = matrixOf(a, bytes), right = matrixOf(b, bytes), result = matrixOf(c, bytes);
  const seed = addend && matrixOf(addend, bytes);
  const native = blas && worthBlas(extents)
    ? BlasGemm.plan(context, blas, compute, extents, left, right, result)
    : null;
  if (axes === 0) return (native ?? new Gemm(context, compute, extents)).run(left, right, result, seed);
  const matrices = [left, right, result, ...seed ? [seed] : []];
  const views = [a, b, c, ...addend ? [addend] : []], batch = shape.slice(0, axes);
  multiplyBatch(context, compute, extents, native, matrices, views, batch);
}

/** Multiplies matrices that lie as `matrices`, the first of each batch, do: a, b, c and perhaps an addend. */
function multiplyBatch(
  context: KernelContext,
  compute: ComputeType,
  extents: Extents,
  native: BlasGemm | null,
  matrices: readonly Movable[],
  views: readonly CpuView[],
  batch: readonly number[],
): void {
  const count = sizeOf(batch), single = native ? nativeDuration(extents) : duration(extents);
  const bytes = bytesOf(compute), position = batch.map(() => 0);
  const forEach = (use: (i: number) => void): void => {
    for (let i = 0; i < count; i++) {
      use(i);
      for (let axis = batch.length - 1; axis >= 0; axis--) {
        const back = ++position[axis]! === batch[axis];
        if (back) position[axis] = 0;
        const by = back ? 1 - batch[axis]! : 1;
        views.forEach((view, i) => matrices[i]!.pointer += by * view.strides[axis]! * bytes);
        if (!back) break;
      }
    }
  };
  const [left, right, result, seed] = matrices as [Matrix, Matrix, Matrix, Matrix?];
  // Each thread does whole products, with panels of its own, unless they are few or hardly worth the list of them.
  const whole = single >= LEAST && single <= MOST && (native === null || context.blas!.divides);
  const parts = whole ? Math.min(count, context.parts(count * single)) : 1;
  if (parts === 1) {
    const gemm = native ?? new Gemm(context, compute, extents);
    return forEach(() => gemm.run(left, right, result, seed));
  }
  const size = Math.ceil(count / parts), tasks: Call[][] = [];
  let gemm: BlasGemm | Gemm | undefined;
  forEach((i) => {
    if (i % size === 0) {
      tasks.push([]);
      gemm = native ?? new Gemm(context, compute, extents);
    }
    gemm!.record(tasks.at(-1)!, left, right, result, seed);
  });
  context.run(tasks, count * single);
}

/** A matrix, and then another one that lies as it does. */
type Movable = { -readonly [P in keyof Matrix]: Matrix[P] };

/** The last two axes of a view. */
function matrixOf({ buffer, offset, strides }: CpuView, bytes: number): Movable {
  const last = strides.length - 1;
  return {
    pointer: buffer.pointer + offset * bytes,
    row: strides[last - 1]! * bytes,
    column: strides[last]! * bytes,
  };
}

function transposed(view: CpuView): CpuView {
  const swap = <T>(list: readonly T[]): T[] => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return seenAs(view, swap(view.shape), swap(view.strides));
}

/** The empty sum. */
function fillZero(context: KernelContext, view: CpuView): void {
  const zero = temporary(context, [1], view.dtype), { pointer, bytes } = zero.buffer;
  context.memory.u8.fill(0, pointer, pointer + bytes);
  convert(context, { ...zero, shape: view.shape, strides: view.shape.map(() => 0) }, view);
}
