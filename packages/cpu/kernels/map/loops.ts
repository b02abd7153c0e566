/** Nested loops over the positions of strided views. */
import type { DType } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import { type Piece, pieces } from "../../threads/task.ts";
import type { Code, Local, ValueType } from "../../targets/wasm/assembler.ts";

/** One loop: how often, and how many bytes each view moves by each time. */
export interface Loop {
  readonly extent: number;
  readonly steps: readonly number[];
}

/** A view to be walked: its type and its strides. */
export interface Walked {
  readonly dtype: DType;
  readonly strides: readonly number[];
}

/** Bytes from an element of a view to the next one along `axis`; 0 for a scalar. */
export function stepOf({ strides, dtype }: Walked, axis: number): number {
  return (strides[axis] ?? 0) * bytesOf(dtype);
}

/** The loops over `shape`, outermost first; neighbors that all views walk as one are merged. */
export function loopsOver(shape: readonly number[], views: readonly Walked[]): Loop[] {
  const loops: Loop[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis]!;
    if (extent === 1) continue;
    const steps = views.map((view) => stepOf(view, axis)), outer = loops.at(-1);
    if (outer?.steps.every((step, i) => step === extent * steps[i]!)) {
      loops[loops.length - 1] = { extent: outer.extent * extent, steps };
    } else {
      loops.push({ extent, steps });
    }
  }
  return loops;
}

/** Cuts `count` into pieces of at most `most`, whose sizes differ by 1 at most. */
export function evenPieces(count: number, most: number): Piece[] {
  const parts = Math.ceil(count / most), at = (i: number): number => Math.floor(i * count / parts);
  return Array.from({ length: parts }, (_, i) => ({ start: at(i), size: at(i + 1) - at(i) }));
}

/** A part of what loops go over, and by how many bytes each view has moved where it begins. */
export interface LoopPart {
  readonly loops: readonly Loop[];
  readonly shifts: readonly number[];
}

/**
 * Cuts loops into at most `count` parts along one that `allowed` lets through: the outermost that is long enough, or
 * the longest.
 */
export function cutLoops(
  loops: readonly Loop[],
  count: number,
  views: number,
  allowed: (loop: Loop) => boolean = () => true,
): LoopPart[] {
  const some = count > 1 ? loops.filter(allowed) : [];
  const longest = some.reduce<Loop | undefined>((a, b) => a && a.extent >= b.extent ? a : b, undefined);
  const loop = some.find(({ extent }) => extent >= count) ?? longest;
  if (loop === undefined) return [{ loops, shifts: new Array<number>(views).fill(0) }];
  const at = loops.indexOf(loop);
  return pieces(loop.extent, count).map(({ start, size }) => ({
    loops: loops.with(at, { ...loop, extent: size }),
    shifts: loop.steps.map((step) => start * step),
  }));
}

/** Types of the parameters that {@linkcode emitLoops} takes: extent and steps of each loop. */
export function loopParameters(depth: number, views: number): ValueType[] {
  return new Array<ValueType>(depth * (1 + views)).fill("i32");
}

/** Their values. */
export function loopArguments(loops: readonly Loop[]): number[] {
  // A view has already been moved by the loop within when the next step is due.
  return loops.flatMap(({ extent, steps }, i) => {
    const inner = loops[i + 1];
    return [extent, ...steps.map((step, view) => inner ? step - inner.extent * inner.steps[view]! : step)];
  });
}

/** Runs `body` at every position; `pointers` are moved along, the loops' parameters begin at `first`. */
export function emitLoops(
  code: Code,
  depth: number,
  first: Local,
  pointers: readonly Local[],
  body: () => void,
): void {
  if (depth === 0) return body();
  const count = code.local("i32");
  code.get(first).set(count).repeat(count, () => {
    emitLoops(code, depth - 1, first + 1 + pointers.length, pointers, body);
    pointers.forEach((pointer, i) => code.advance(pointer, first + 1 + i));
  });
}
