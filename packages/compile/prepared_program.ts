/** Programs prepared for a device. */
import type { Device } from "@troodon/core";
import type { LaunchProgram, ProgramValues, RunnableProgram } from "@troodon/core/kernel";
import { type OptimizedProgram, optimizeProgram, type PassOptions } from "./passes/mod.ts";
import { passOptionsFor } from "./passes/pass_options_for.ts";
import { ProgramLoop } from "./program_loop.ts";
import { ProgramMemory } from "./program_memory.ts";

/** An optimized program with its own memory, ready to run many times. */
export class PreparedProgram implements Disposable {
  /** The program after the passes. */
  readonly optimized: OptimizedProgram;
  readonly #memory: ProgramMemory;
  readonly #runnable: RunnableProgram;
  readonly #buffers: object[];
  /** Slots passed to each run, with their index in the recorded program. */
  readonly #given: readonly (readonly [slot: number, recorded: number])[];

  /** Optimizes and prepares `recorded`, and runs the launches whose results are equal in all runs. */
  constructor(device: Device, recorded: LaunchProgram, passes: PassOptions) {
    const { backend } = device;
    const { sums = false, ...limits } = passOptionsFor(backend);
    this.optimized = optimizeProgram(recorded, { ...limits, sums: sums && passes.fuse !== false, ...passes });
    const { program, setup, origins } = this.optimized;
    this.#given = program.slots.flatMap(({ kind }, slot) => {
      const origin = origins[slot] ?? null;
      return kind === "given" && origin !== null && recorded.slots[origin]!.kind === "given"
        ? [[slot, origin] as const]
        : [];
    });
    const given = new Set(this.#given.map(([slot]) => slot));
    this.#memory = new ProgramMemory(device, program, (slot) => given.has(slot));
    this.#buffers = program.slots.map((_, slot) => this.#memory.storages[slot]?.buffer ?? this.#memory);
    try {
      if (setup.length > 0) {
        new ProgramLoop(backend, { slots: program.slots, launches: setup }).run({
          buffers: this.#buffers,
          numbers: [],
          randoms: [],
        });
      }
      this.#runnable = backend.compile?.(program) ?? new ProgramLoop(backend, program);
    } catch (error) {
      this.#memory[Symbol.dispose]();
      throw error;
    }
  }

  /** Runs all launches; `bufferOf` returns the buffer of a slot of the recorded program. */
  run(bufferOf: (recorded: number) => object, { numbers, randoms }: Omit<ProgramValues, "buffers">): void {
    const buffers = this.#buffers;
    for (const [slot, recorded] of this.#given) buffers[slot] = bufferOf(recorded);
    this.#runnable.run({ buffers, numbers, randoms });
  }

  /** Frees the memory. */
  [Symbol.dispose](): void {
    this.#runnable[Symbol.dispose]();
    this.#memory[Symbol.dispose]();
  }
}
