/** Batches of matrices, multiplied. */
import type { ComputeType } from "@troodon/core";
import { bytesOf, coalesce, sizeOfSpace, type Space } from "@troodon/core/kernel";
import { BlasGemm } from "../../blas/native.ts";
import { Gemm } from "../../gemm/gemm.ts";
import type { Matrix } from "../../gemm/matrix.ts";
import type { Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Piece, pieces, repeated, type Task } from "../../threads/task.ts";

/** Nanoseconds of a product, at least and at most, that is done by one thread where there are several of them. */
const [LEAST, MOST] = [3_000, 500_000] as const;

/** The matrices of a product: a, b, c and perhaps an addend. */
type Matrices = [a: Matrix, b: Matrix, c: Matrix, addend?: Matrix];

/** Plans c = a b, or c = a b + addend, for all matrices of a batch. */
export function multiply(
  planner: Planner,
  compute: ComputeType,
  a: PlanView,
  b: PlanView,
  c: PlanView,
  addend: PlanView | undefined,
): void {
  const { shape } = c, rank = shape.length, n = shape[rank - 1]!, k = a.shape[rank - 1]!;
  let m = shape[rank - 2]!, axes = rank - 2;
  // Batches of rows times one matrix are more rows.
  const continues = (view: PlanView | undefined): boolean =>
    view === undefined || view.strides[axes - 1] === m * view.strides[rank - 2]!;
  while (axes > 0 && b.strides[axes - 1] === 0 && continues(a) && continues(c) && continues(addend)) {
    m *= shape[--axes]!;
  }
  const extents = { m, n, k }, bytes = bytesOf(compute), { blas } = planner;
  const views = addend ? [a, b, c, addend] : [a, b, c];
  const first = views.map((view) => matrixOf(view, bytes)) as Matrices;
  const native = blas?.rule.product(extents)
    ? BlasGemm.plan(planner, blas, compute, extents, first[0], first[1], first[2])
    : null;
  const prepare = (): BlasGemm | Gemm => native ?? new Gemm(planner, compute, extents);
  const batch = new Batch(shape.slice(0, axes), views, first, bytes), { count } = batch, gemm = prepare();
  // Each thread does whole products, with panels of its own, unless they are few or hardly worth the list of them.
  const single = gemm.nanoseconds, divides = native === null || blas!.divides;
  const whole = count > 1 && single >= LEAST && single <= MOST && divides;
  const parts = whole ? Math.min(count, planner.parts(count * single)) : 1;
  if (parts > 1) {
    const tasks = pieces(count, parts).map((piece) => batch.task(piece, prepare()));
    return planner.run(tasks, count * single);
  }
  if (gemm.divided(...first) === null) {
    return planner.run([batch.task({ start: 0, size: count }, gemm)], count * single);
  }
  for (let i = 0; i < count; i++) planner.run(gemm.divided(...batch.at(i))!, single);
}

/** The matrices of a batch. */
class Batch {
  /** The number of matrix products in the batch. */
  readonly count: number;
  readonly #space: Space;
  readonly #first: Matrices;
  readonly #bytes: number;

  /** Matrices of which `first` are the first, and the others lie as `shape` and the views say. */
  constructor(shape: readonly number[], views: readonly PlanView[], first: Matrices, bytes: number) {
    this.#space = coalesce({ extents: shape, strides: views.map((view) => view.strides) });
    this.#first = first;
    this.#bytes = bytes;
    this.count = sizeOfSpace(this.#space);
  }

  /** The matrices of the product number `i`. */
  at(i: number): Matrices {
    const { extents, strides } = this.#space;
    const offsets = this.#first.map(() => 0);
    for (let axis = extents.length - 1, left = i; axis >= 0; axis--) {
      const position = left % extents[axis]!;
      left = (left - position) / extents[axis]!;
      offsets.forEach((_, t) => offsets[t]! += position * strides[t]![axis]!);
    }
    return this.#first.map((matrix, t) => ({
      ...matrix!,
      pointer: matrix!.pointer.plus(offsets[t]! * this.#bytes),
    })) as Matrices;
  }

  /** The calls of some products, one after the other. */
  task({ start, size }: Piece, gemm: BlasGemm | Gemm): Task<Argument> {
    if (this.count === 1) return gemm.whole(...this.#first);
    // Along the last axis they grow evenly.
    const row = this.#space.extents.at(-1)!, end = start + size, items: Task<Argument>[number][] = [];
    for (let at = start; at < end;) {
      const next = Math.min(end, at - at % row + row);
      items.push(repeated({ start: at, size: next - at }, (i) => gemm.whole(...this.at(i))));
      at = next;
    }
    return items;
  }
}

/** The last two axes of a view. */
function matrixOf({ address, strides }: PlanView, bytes: number): Matrix {
  const last = strides.length - 1;
  return { pointer: address, row: strides[last - 1]! * bytes, column: strides[last]! * bytes };
}
