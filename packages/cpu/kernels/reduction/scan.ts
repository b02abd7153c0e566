/** Running results along an axis. */
import { type ComputeType, ReferenceBackend, type ScanCall } from "@troodon/core";
import { computeType, sizeOf } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { call, pieces, type Task } from "../../threads/task.ts";
import { cutLoops, evenPieces, type Loop, loopArguments, loopsOver, stepOf } from "../map/loops.ts";
import { emitLines, emitRows, emitSums, runningOf, type ScanOp } from "./scan_code.ts";
import { intoStaged, staged } from "../map/stage.ts";

/** Nanoseconds for an element: of float32 sums along memory, of rows, and of others. */
const [SUMS, ROWS, LINES] = [0.3, 0.4, 1] as const;
/** Elements of a piece of a single line of sums. */
const PIECE = 1 << 16;
/** Pieces of rows are a multiple of so many elements: shorter ones, far apart, are slow to read. */
const UNIT = 1024;

/** See {@linkcode ScanCall}. */
export function scan(
  context: KernelContext,
  call: ScanCall,
  [x]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const { op } = call;
  if (op === "logaddexp") return scanByReference(context, call, x!, output!);
  const compute = computeType(output!.dtype);
  const from = staged(context, x!, compute);
  intoStaged(context, output!, (to) => scanStaged(context, call, op, compute, from, to));
}

function scanStaged(
  context: KernelContext,
  { axis, reverse }: ScanCall,
  op: ScanOp,
  compute: ComputeType,
  x: CpuView,
  output: CpuView,
): void {
  const { bytes, wide } = runningOf(compute, op);
  const length = x.shape[axis] ?? 1;
  const steps = [stepOf(x, axis), stepOf(output, axis)] as const;
  const loops: Loop[] = loopsOver(x.shape.toSpliced(axis, 1, 1), [x, output]);
  const [fromEnd, toEnd, stepX, stepOutput] = reverse
    ? [steps[0] * (length - 1), steps[1] * (length - 1), -steps[0], -steps[1]]
    : [0, 0, ...steps];
  const [from, to] = [addressOf(x) + fromEnd, addressOf(output) + toEnd], count = sizeOf(x.shape);
  const inner = loops.at(-1);
  if (inner && inner.extent >= 4 && inner.steps.every((step) => step === bytes)) {
    const outer = loops.slice(0, -1), depth = outer.length, nanoseconds = count * ROWS;
    const { run } = context.instance(
      `scan/rows/${op}/${compute}/${depth}`,
      (module) => emitRows(module, compute, op, depth),
    );
    const tasks = pieces(inner.extent, context.parts(nanoseconds), UNIT).map(({ start, size }): Task => {
      const [a, b, room] = [from + start * bytes, to + start * bytes, context.scratch(size * wide)];
      return [call(run!, a, b, length, stepX, stepOutput, size, room, ...loopArguments(outer))];
    });
    return void context.run(tasks, nanoseconds);
  }
  if (op === "sum" && compute === "float32" && stepX === 4 && stepOutput === 4 && length >= 4) {
    return scanSums(context, [from, to], length, loops);
  }
  const depth = loops.length, nanoseconds = count * LINES;
  const { run } = context.instance(
    `scan/lines/${op}/${compute}/${depth}`,
    (module) => emitLines(module, compute, op, depth),
  );
  const tasks = cutLoops(loops, context.parts(nanoseconds), 2).map(({ loops, shifts: [a, b] }): Task => [
    call(run!, from + a!, to + b!, length, stepX, stepOutput, ...loopArguments(loops)),
  ]);
  context.run(tasks, nanoseconds);
}
/** Sums of float32 along memory; a single long line is cut into pieces that go on from the sums of those before. */
function scanSums(
  context: KernelContext,
  [from, to]: readonly [number, number],
  length: number,
  loops: readonly Loop[],
): void {
  const { run, total } = context.instance(
    `scan/sums/${loops.length}`,
    (module) => emitSums(module, loops.length),
  );
  const nanoseconds = loops.reduce((n, { extent }) => n * extent, length) * SUMS;
  if (loops.length > 0 || length < 2 * PIECE) {
    const none = context.constant("f64", 0);
    const tasks = cutLoops(loops, context.parts(nanoseconds), 2).map(({ loops, shifts: [a, b] }): Task => [
      call(run!, from + a!, to + b!, length, none, ...loopArguments(loops)),
    ]);
    return void context.run(tasks, nanoseconds);
  }
  const parts = evenPieces(length, PIECE), sums = context.scratch(8 * (parts.length + 1));
  const totals = parts.map(({ start, size }, i): Task => [
    call(total!, from + 4 * start, size, sums + 8 * (i + 1)),
  ]);
  context.run(totals, nanoseconds / 3);
  const { memory } = context;
  const addUp = (sums: number): number => {
    const words = memory.f64, first = sums / 8;
    words[first] = 0;
    for (let i = 1; i < parts.length; i++) words[first + i]! += words[first + i - 1]!;
    return 0;
  };
  context.once(call(addUp, sums));
  const tasks = parts.map(({ start, size }, i): Task => [
    call(run!, from + 4 * start, to + 4 * start, size, sums + 8 * i),
  ]);
  context.run(tasks, nanoseconds);
}

/** What is rare and needs logarithms runs in plain TypeScript on the same bytes. */
function scanByReference(context: KernelContext, scan: ScanCall, ...views: [CpuView, CpuView]): void {
  const { memory } = context.memory;
  const run = (...pointers: number[]): number => {
    const [x, output] = views.map((view, i) => {
      const bytes = Math.ceil(view.buffer.bytes / 8) * 8;
      return { ...view, buffer: { bytes: new Uint8Array(memory.buffer, pointers[i], bytes) } };
    });
    new ReferenceBackend().launch(scan, [x!], [output!]);
    return 0;
  };
  context.once(call(run, ...views.map(({ buffer }) => buffer.pointer)));
}
