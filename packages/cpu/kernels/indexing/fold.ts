/** Sliding windows added up where they overlap. */
import type { ComputeType, FoldCall } from "@troodon/core";
import { bytesOf, computeType, sizeOf } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { call } from "../../threads/task.ts";
import type { ValueType } from "../../targets/wasm/assembler.ts";
import { emitAccumulate, emitAccumulateRun } from "./accumulation.ts";
import { cutLoops, emitLoops, type Loop, loopArguments, loopParameters, loopsOver } from "../map/loops.ts";
import { convert, staged, temporary } from "../map/stage.ts";
import { zero } from "../../zero.ts";

/** Parameters: x, output, bytes of a run, loops. */
const [X, OUTPUT, RUN, FIRST] = [0, 1, 2, 3] as const;

/** Nanoseconds for an element, in runs and alone. */
const [FAST, SLOW] = [0.2, 1.5] as const;

/** See {@linkcode FoldCall}. */
export function fold(
  context: KernelContext,
  { axis, step, dilation }: FoldCall,
  [x]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const compute = computeType(output!.dtype);
  const windows = staged(context, x!, compute), sums = temporary(context, output!.shape, compute);
  const { pointer, bytes } = sums.buffer;
  zero(context, pointer, bytes);
  // The windows are a view of the sums with these strides.
  const stride = sums.strides[axis]!;
  const strides = [...sums.strides.with(axis, step * stride), dilation * stride];
  const loops = innermostContiguous(loopsOver(windows.shape, [windows, { ...sums, strides }]), compute);
  const nanoseconds = sizeOf(windows.shape) *
    (loops.at(-1) && isContiguous(loops.at(-1)!, compute) ? FAST : SLOW);
  const inner = loops.at(-1), runs = inner !== undefined && isContiguous(inner, compute);
  if (runs) loops.pop();
  const depth = loops.length;
  const { run } = context.instance(`fold/${compute}/${runs ? "runs" : "elements"}/${depth}`, (module) => {
    const params: ValueType[] = ["i32", "i32", "i32", ...loopParameters(depth, 2)];
    const code = module.function({ params, export: "run" });
    emitLoops(code, depth, FIRST, [X, OUTPUT], () => {
      if (runs) emitAccumulateRun(code, "add", compute, X, OUTPUT, RUN);
      else emitAccumulate(code, "add", compute, X, OUTPUT);
    });
  });
  const size = runs ? inner.extent * bytesOf(compute) : 0, from = addressOf(windows);
  // The parts of a loop whose steps fill the sums without overlap add to sums of their own.
  const apart = ({ extent, steps }: Loop): boolean => extent * steps[1]! === bytes;
  const tasks = cutLoops(loops, context.parts(nanoseconds), 2, apart).map(({ loops, shifts }) => [
    call(run!, from + shifts[0]!, pointer + shifts[1]!, size, ...loopArguments(loops)),
  ]);
  context.run(tasks, nanoseconds);
  convert(context, sums, output!);
}

function isContiguous({ steps }: Loop, compute: ComputeType): boolean {
  return steps.every((step) => step === bytesOf(compute));
}

/** Sums come in any order: a loop over elements that follow one another goes last, if there is one. */
function innermostContiguous(loops: readonly Loop[], compute: ComputeType): Loop[] {
  const contiguous = loops.find((loop) => isContiguous(loop, compute));
  return contiguous ? [...loops.filter((loop) => loop !== contiguous), contiguous] : [...loops];
}
