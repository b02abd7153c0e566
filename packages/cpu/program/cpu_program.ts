/** Kernel programs prepared to run many times on the CPU. */
import type { KernelCall, RandomState } from "@troodon/core";
import type {
  LaunchProgram,
  LiveValue,
  ProgramLaunch,
  ProgramValues,
  ProgramView,
  RunnableProgram,
} from "@troodon/core/kernel";
import type { CpuContext } from "../context.ts";
import { type Kernels, launchKernel } from "../kernels/mod.ts";
import { type MapLaunch, planMaps } from "../kernels/map/maps.ts";
import type { CpuBuffer } from "../memory.ts";
import { OPERANDS } from "../plan/address.ts";
import { Binding, type NumberPlaces } from "../plan/binding.ts";
import { checkLayout, type CpuView } from "../view.ts";
import { ProgramRecorder } from "./recorder.ts";
import { symbolOf } from "./symbol.ts";

/** Call whose numbers change between runs. */
interface LiveCall {
  readonly numbers: { scalars: number[]; random?: RandomState };
  readonly live: readonly LiveValue[];
}

/** Program planned for a number of threads. */
interface Prepared {
  readonly threads: number;
  readonly binding: Binding;
  readonly launches: ProgramRecorder["launches"];
  /** Places of the numbers that are passed to each run. */
  readonly places: NumberPlaces;
  readonly calls: readonly LiveCall[];
}

/**
 * Plans all launches of a program as one list of WebAssembly calls whose arguments are fixed except for memory passed
 * to each run. A run updates the addresses that changed, sets live numbers, and makes the calls.
 */
export class CpuProgram implements RunnableProgram<CpuBuffer> {
  readonly #context: CpuContext;
  readonly #kernels: Kernels;
  readonly #program: LaunchProgram;
  readonly #bases: number[] = [];
  #prepared: Prepared | null;

  /** Creates a program on a context. */
  constructor(context: CpuContext, kernels: Kernels, program: LaunchProgram) {
    this.#context = context;
    this.#kernels = kernels;
    this.#program = program;
    this.#prepared = this.#prepare();
  }

  /** See {@linkcode RunnableProgram}. */
  run({ buffers, numbers, randoms }: ProgramValues<CpuBuffer>): void {
    const { binding, launches, places, calls } = this.#current(), bases = this.#bases;
    const { slots } = this.#program;
    for (let i = 0; i < bases.length; i++) {
      const { pointer, bytes } = buffers[i]!;
      if (bytes < slots[i]!.bytes) {
        throw new RangeError(
          `Cannot run a program as the buffer of slot ${i} must have ${
            slots[i]!.bytes
          } bytes: current one has ${bytes}`,
        );
      }
      bases[i] = pointer;
    }
    binding.moveOperands(bases);
    for (let i = 0; i < calls.length; i++) {
      const { numbers: own, live } = calls[i]!;
      for (let v = 0; v < live.length; v++) {
        const value = live[v]!;
        if (value.kind === "scalar") own.scalars[value.index] = numbers[value.number]!;
        else own.random = randoms[value.random]!;
      }
    }
    if (calls.length > 0) binding.set(launches, places);
    try {
      binding.run(this.#context);
    } finally {
      this.#context.clear();
    }
  }

  /** Frees its table. */
  [Symbol.dispose](): void {
    this.#prepared?.binding.release();
    this.#prepared = null;
  }

  /** Returns the prepared program, planned again if the number of threads changed. */
  #current(): Prepared {
    const known = this.#prepared;
    if (known?.threads === this.#context.threads.count) return known;
    if (known === null) throw new TypeError("Cannot run a program as it must not be disposed of");
    known.binding.release();
    return this.#prepared = this.#prepare();
  }

  #prepare(): Prepared {
    const { slots, launches } = this.#program, context = this.#context;
    const recorder = new ProgramRecorder(context), calls: LiveCall[] = [];
    const views = slots.map(({ bytes }, slot): CpuBuffer => ({
      pointer: symbolOf(OPERANDS + slot, 0),
      bytes,
    }));
    const view = ({ slot, ...layout }: ProgramView): CpuView => {
      const view = { ...layout, buffer: views[slot]! };
      checkLayout(view);
      return view;
    };
    const bound = launches.map((launch) => ({
      call: ownCall(launch, calls),
      inputs: launch.inputs.map(view),
      outputs: launch.outputs.map(view),
    }));
    for (let i = 0; i < launches.length;) {
      const maps = bound.slice(i, i + countMaps(launches, i)) as MapLaunch[];
      if (maps.length > 1) {
        recorder.add(
          planMaps(recorder, maps),
          maps.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
          maps,
        );
      } else {
        const { call, inputs, outputs } = bound[i]!;
        launchKernel(this.#kernels, recorder, call, inputs, outputs);
      }
      recorder.endLaunch();
      i += Math.max(1, maps.length);
    }
    const plan = recorder.finish(slots.length), binding = new Binding(plan, context.memory);
    binding.set(recorder.launches);
    const changing = new Set<unknown>(calls.flatMap(({ numbers }) => [numbers, numbers.scalars]));
    const isLive = ({ call }: { readonly call: number }): boolean => {
      const numbers = recorder.launches[call]!.call;
      return changing.has(numbers) || changing.has(numbers.scalars);
    };
    this.#bases.length = slots.length;
    return {
      threads: context.threads.count,
      binding,
      launches: recorder.launches,
      places: { scalars: plan.scalars.filter(isLive), randoms: plan.randoms.filter(isLive) },
      calls,
    };
  }
}

/** Returns the call of a launch; with live values a copy, whose numbers each run sets, which is added to `calls`. */
function ownCall({ call, live }: ProgramLaunch, calls: LiveCall[]): KernelCall {
  if (live.length === 0 || !("scalars" in call)) return call;
  const numbers = { ...call, scalars: [...call.scalars] };
  calls.push({ numbers, live });
  return numbers;
}

/** Number of maps from `start` on that may run together. */
function countMaps(launches: readonly ProgramLaunch[], start: number): number {
  const { together } = launches[start]!;
  let end = start;
  while (end < launches.length && launches[end]!.call.kernel === "map") {
    if (end > start && (together === undefined || launches[end]!.together !== together)) break;
    end++;
  }
  return end - start;
}
