/** Positions of the largest or smallest elements along an axis. */
import type { ArgReduceCall, ComputeType } from "@troodon/core";
import { bytesOf, computeType, sizeOf } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { call, type Task } from "../../threads/task.ts";
import type { ValueType } from "../../targets/wasm/assembler.ts";
import { emitRows, emitScalar, emitVector, FIRST } from "./argreduce_code.ts";
import {
  cutLoops,
  evenPieces,
  type Loop,
  loopArguments,
  loopParameters,
  loopsOver,
  stepOf,
} from "../map/loops.ts";
import { convert, staged, temporary } from "../map/stage.ts";

/** Shorter lines do not fill a vector of 32 bytes, and narrower rows are not worth vectors. */
const [VECTOR_LENGTH, VECTOR_WIDTH] = [8, 16] as const;
/** Elements of a row that are taken together: with the best so far they stay in the first-level cache. */
const ROW = 2048;
/** Elements of a piece of a long line. */
const PIECE = 1 << 16;
/** Nanoseconds for an element: of contiguous lines, of rows, and of others. */
const [LINE, ROWS, SPREAD] = [0.15, 0.25, 1.5] as const;

type Op = ArgReduceCall["op"];

/** See {@linkcode ArgReduceCall}. */
export function argreduce(
  context: KernelContext,
  { op, axis }: ArgReduceCall,
  [input]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  if (output!.dtype !== "int32") {
    const found = temporary(context, output!.shape, "int32");
    argreduce(context, { kernel: "argreduce", op, axis }, [input!], [found]);
    return convert(context, found, output!);
  }
  const compute = computeType(input!.dtype), x = staged(context, input!, compute), bytes = bytesOf(compute);
  const length = x.shape[axis] ?? 1, step = stepOf(x, axis);
  const loops = loopsOver(x.shape.toSpliced(axis, 1, 1), [x, output!]);
  const pointers = [addressOf(x), addressOf(output!)] as const, inner = loops.at(-1);
  const nanoseconds = (cost: number): number => sizeOf(x.shape) * cost;
  if (step === bytes && length >= VECTOR_LENGTH) {
    const run = functionOf(context, emitVector, op, compute, loops.length);
    if (loops.length === 0 && length >= 2 * PIECE) alongOne(context, run, op, compute, pointers, length);
    else runLines(context, run, loops, pointers, [length, step], nanoseconds(LINE));
  } else if (bytes === 4 && length > 1 && inner && inner.extent >= VECTOR_WIDTH && isDense(inner)) {
    const run = functionOf(context, emitRows, op, compute, loops.length - 1);
    runRows(context, run, loops, pointers, [length, step], nanoseconds(ROWS));
  } else {
    const run = functionOf(context, emitScalar, op, compute, loops.length);
    runLines(context, run, loops, pointers, [length, step], nanoseconds(SPREAD));
  }
}

function isDense({ steps }: Loop): boolean {
  return steps.every((step) => step === 4);
}

function functionOf(
  context: KernelContext,
  emit: typeof emitScalar,
  op: Op,
  compute: ComputeType,
  depth: number,
): WasmFunction {
  return context.instance(`argreduce/${emit.name}/${op}/${compute}/${depth}`, (module) => {
    const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, 2)];
    emit(module.function({ params, export: "run" }), compute, op, depth);
  }, { wide: emit !== emitScalar && compute !== "int64" }).run!;
}

/** Line after line. */
function runLines(
  context: KernelContext,
  run: WasmFunction,
  loops: readonly Loop[],
  [x, output]: readonly [number, number],
  line: readonly [length: number, step: number],
  nanoseconds: number,
): void {
  const parts = context.parts(nanoseconds);
  if (parts === 1) return context.once(call(run, x, output, ...line, 0, 0, ...loopArguments(loops)));
  const tasks = cutLoops(loops, parts, 2).map(({ loops, shifts }): Task => [
    call(run, x + shifts[0]!, output + shifts[1]!, ...line, 0, 0, ...loopArguments(loops)),
  ]);
  context.run(tasks, nanoseconds);
}

/** Pieces of rows, with room for the best so far. */
function runRows(
  context: KernelContext,
  run: WasmFunction,
  loops: readonly Loop[],
  [x, output]: readonly [number, number],
  line: readonly [length: number, step: number],
  nanoseconds: number,
): void {
  const outer = cutLoops(loops.slice(0, -1), context.parts(nanoseconds), 2);
  const tasks = evenPieces(loops.at(-1)!.extent, ROW).flatMap(({ start, size }) =>
    outer.map(({ loops, shifts }): Task => {
      const [from, to] = [x + 4 * start + shifts[0]!, output + 4 * start + shifts[1]!];
      return [call(run, from, to, ...line, size, context.scratch(4 * size), ...loopArguments(loops))];
    })
  );
  context.run(tasks, nanoseconds);
}

/** A single long line in pieces, the best of which is then found. */
function alongOne(
  context: KernelContext,
  run: WasmFunction,
  op: Op,
  compute: ComputeType,
  [x, output]: readonly [number, number],
  length: number,
): void {
  const bytes = bytesOf(compute),
    parts = evenPieces(length, PIECE),
    found = context.scratch(4 * parts.length);
  const tasks = parts.map(({ start, size }, i): Task => [
    call(run, x + start * bytes, found + 4 * i, size, bytes, 0, 0),
  ]);
  context.run(tasks, length * LINE);
  const { memory } = context;
  const choose = (x: number, found: number, output: number): number => {
    const { f32, f64, i32, i64 } = memory,
      elements = { float32: f32, float64: f64, int32: i32, int64: i64 }[compute];
    let best: number | bigint = NaN, position = -1;
    parts.forEach(({ start }, i) => {
      const at = start + i32[found / 4 + i]!, value = elements[x / bytes + at]!;
      const better = op === "max" ? value > best : value < best;
      if (position < 0 || better || (Number.isNaN(value) && !Number.isNaN(best))) {
        [best, position] = [value, at];
      }
    });
    i32[output / 4] = position;
    return 0;
  };
  context.once(call(choose, x, found, output));
}
