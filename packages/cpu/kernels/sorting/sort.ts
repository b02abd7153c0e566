/** Stable sorting along an axis: of integers that are in the order of the elements, with their positions. */
import type { SortCall } from "@troodon/core";
import { bytesOf, computeType, sizeOf } from "@troodon/core/kernel";
import type { KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { call, type Task } from "../../threads/task.ts";
import type { Local, ValueType } from "../../targets/wasm/assembler.ts";
import { cutLoops, emitLoops, loopArguments, loopParameters, loopsOver, stepOf } from "../map/loops.ts";
import { emitMergeSort, RECORD_BYTES } from "./merge_sort.ts";
import { emitMove } from "../indexing/moves.ts";
import { countBytes, emitRadixSort, radixLength } from "./radix_sort.ts";
import { staged } from "../map/stage.ts";

/** Parameters: key elements, values, positions, the elements to be moved, length, steps, rooms, loops. */
const [KEYS, VALUES, POSITIONS, MOVED, LENGTH] = [0, 1, 2, 3, 4] as const;
const [STEP_KEYS, STEP_VALUES, STEP_POSITIONS, STEP_MOVED] = [5, 6, 7, 8] as const;
const [ROOM_A, ROOM_B, COUNTS, FIRST] = [9, 10, 11, 12] as const;

/** Nanoseconds for an element. */
const ELEMENT = 15;

/** See {@linkcode SortCall}. */
export function sort(
  context: KernelContext,
  { axis, descending }: SortCall,
  [x]: readonly CpuView[],
  [values, positions]: readonly CpuView[],
): void {
  const long = positions!.dtype === "int64";
  const compute = computeType(x!.dtype), keys = staged(context, x!, compute), size = RECORD_BYTES[compute];
  const views = [keys, values!, positions!, x!];
  const loops = loopsOver(x!.shape.toSpliced(axis, 1, 1), views), depth = loops.length;
  const bytes = bytesOf(x!.dtype), length = x!.shape[axis] ?? 1, radix = length >= radixLength(compute);
  const { run } = context.instance(
    `sort/${radix ? "radix" : "merge"}/${descending ? "down" : "up"}/${compute}/${bytes}/${
      long ? "long/" : ""
    }${depth}`,
    (module) => {
      const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, views.length)];
      const code = module.function({ params, export: "run" });
      const [position, picked, value, place] = code.locals("i32", 4) as [Local, Local, Local, Local];
      const line = { keys: KEYS, step: STEP_KEYS, length: LENGTH, rooms: [ROOM_A, ROOM_B] } as const;
      emitLoops(code, depth, FIRST, [KEYS, VALUES, POSITIONS, MOVED], () => {
        const sorted = radix
          ? emitRadixSort(code, compute, descending, line, COUNTS)
          : emitMergeSort(code, compute, descending, line);
        code.get(VALUES).set(value).get(POSITIONS).set(place).get(LENGTH).set(position);
        code.repeat(position, () => {
          code.get(place).get(sorted).memory("i32.load", size - 8).tee(picked);
          if (long) code.op("i64.extend_i32_u").memory("i64.store");
          else code.memory("i32.store");
          code.get(picked).get(STEP_MOVED).op("i32.mul").get(MOVED).op("i32.add").set(picked);
          emitMove(code, bytes, picked, value);
          code.advance(value, STEP_VALUES).advance(place, STEP_POSITIONS).increase(sorted, size);
        });
      });
    },
  );
  const pointers = views.map(addressOf), steps = views.map((view) => stepOf(view, axis));
  const nanoseconds = sizeOf(x!.shape) * ELEMENT;
  const tasks = cutLoops(loops, context.parts(nanoseconds), views.length).map(({ loops, shifts }): Task => {
    const rooms = [context.scratch(length * size), context.scratch(length * size)];
    const counts = radix ? context.scratch(countBytes(compute)) : 0;
    const starts = pointers.map((pointer, i) => pointer + shifts[i]!);
    return [call(run!, ...starts, length, ...steps, ...rooms, counts, ...loopArguments(loops))];
  });
  context.run(tasks, nanoseconds);
}
