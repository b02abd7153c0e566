/** Optimizes captured programs. */
import type { LaunchProgram, ProgramLaunch } from "@troodon/core/kernel";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { joinBiasSums } from "./bias_sums.ts";
import { dropDead } from "./drop_dead.ts";
import { fuse, type Fused, type NotFused } from "./fuse.ts";
import { groupMaps } from "./group_maps.ts";
import { hoistConstants } from "./hoist_constants.ts";
import { dropUnusedInputs } from "./normalize.ts";
import { lifetimesOf, peakOf } from "./lifetimes.ts";
import { ALIGNMENT, planMemory } from "./plan_memory.ts";
import { joinReluAndPool } from "./relu_pool.ts";
import { type Traffic, trafficOf } from "./traffic.ts";
import { separateVersions } from "./versions.ts";

export type { NotFused, Traffic };

/** Options of {@linkcode optimizeProgram}. */
export interface PassOptions {
  /** Runs launches whose results are equal in every run only once; true by default. */
  readonly constants?: boolean;
  /** Drops launches and results that are never read; true by default. */
  readonly dead?: boolean;
  /** Merges ReLU and max pooling, in either order, into one kernel; true by default. */
  readonly pool?: boolean;
  /** Merges neighboring launches, which may change last digits; true by default. */
  readonly fuse?: boolean;
  /**
   * Merges the weight and bias gradients of a linear layer into one kernel, which changes last digits; false by
   * default. Useful on devices where a launch costs more than a small product and that support `conv2dWeightGrad`.
   */
  readonly sums?: boolean;
  /** Marks neighboring maps with equal bodies on different memory to run together; true by default. */
  readonly group?: boolean;
  /** Places memory that is used within a run on shared arenas; true by default. */
  readonly plan?: boolean;
  /** Maximum number of buffers of a launch; 8 by default, which every GPU supports. */
  readonly buffers?: number;
  /**
   * Places the operands of products, and of kernels with several dtypes, on different arenas; true by default. GPUs
   * need it, as they bind each arena with one dtype. Without it there are fewer arenas with fewer gaps.
   */
  readonly apart?: boolean;
  /** Maximum size of an arena in bytes; 128 MiB by default, which every GPU supports. */
  readonly arenaBytes?: number;
}
const PASS_OPTIONS: OptionKeys<PassOptions> = {
  constants: true,
  dead: true,
  pool: true,
  fuse: true,
  sums: true,
  group: true,
  plan: true,
  buffers: true,
  apart: true,
  arenaBytes: true,
};

/** Number of buffers per launch that every GPU supports; more would also increase peak memory. */
export const BUFFERS = 8;

/** Size of an arena in bytes that every GPU supports. */
export const ARENA_BYTES: number = 2 ** 27;

/** Maximum number of functions in a merged map, which keeps kernels small. */
const FUNCTIONS = 160;

/** State of a program after one of the passes. */
export interface PassReport {
  /** Name of the pass: "recorded", "constants", "dead", "pool", "fuse", "sums" or "plan". */
  readonly pass: string;
  /** Number of launches and bytes after the pass. */
  readonly traffic: Traffic;
  /** Launches after the pass. */
  readonly launches: readonly ProgramLaunch[];
}

/** Bytes that a program needs for values used only within a run. */
export interface ProgramMemory {
  /** Peak memory of the recorded program. */
  readonly recorded: number;
  /** Peak memory of the optimized program. */
  readonly peak: number;
  /** Total size of the arenas, or of the slots if memory is not planned. */
  readonly bytes: number;
}

/** Result of {@linkcode optimizeProgram}. */
export interface OptimizedProgram {
  /** Program for each run. Given and constant slots come first, in their original order. */
  readonly program: LaunchProgram;
  /** Launches to run once before the first run, over the same slots. */
  readonly setup: readonly ProgramLaunch[];
  /** Original slot of each slot of the program; null for new memory. */
  readonly origins: readonly (number | null)[];
  /** The program before the passes and after each pass. */
  readonly passes: readonly PassReport[];
  /** Launches that were not merged, as indices into the launches after the "fuse" pass, with the reasons. */
  readonly notFused: readonly NotFused[];
  /** Memory needed within a run. */
  readonly memory: ProgramMemory;
}

/**
 * Optimizes a program: results stay equal, with fewer launches and less memory. Results are equal bit for bit if `fuse`
 * and `pool` are false; these passes may change last digits.
 */
export function optimizeProgram(program: LaunchProgram, options?: PassOptions): OptimizedProgram {
  const {
    constants = true,
    dead = true,
    pool = true,
    fuse: fuses = true,
    sums = false,
    group = true,
    plan = true,
    buffers = BUFFERS,
    apart = true,
    arenaBytes = ARENA_BYTES,
  } = readOptions("optimizeProgram()", options, PASS_OPTIONS);
  const passes: PassReport[] = [];
  let current = program, setup: readonly ProgramLaunch[] = [], notFused: readonly NotFused[] = [];
  const report = (pass: string): void => {
    passes.push({ pass, traffic: trafficOf(current), launches: current.launches });
  };
  report("recorded");
  if (fuses) current = dropUnusedInputs(current);
  if (fuses || plan) current = separateVersions(current);
  if (dead) {
    current = dropDead(current);
    report("dead");
  }
  if (constants) {
    ({ program: current, setup } = hoistConstants(current));
    report("constants");
  }
  if (pool) {
    current = joinReluAndPool(current);
    report("pool");
  }
  if (fuses) {
    ({ program: current, notFused } = fused(current, buffers, plan ? peak(program) : Infinity));
    if (dead) current = dropDead(current);
    report("fuse");
  }
  if (sums) {
    current = joinBiasSums(current);
    report("sums");
  }
  if (group) current = groupMaps(current);
  const recorded = peak(program);
  if (!plan) {
    const origins = current.slots.map((_, slot) => slot < program.slots.length ? slot : null);
    const memory = { recorded, peak: peak(current), bytes: ownBytes(current) };
    return { program: current, setup, origins, passes, notFused, memory };
  }
  const planned = planMemory({ program: current, setup }, { limit: arenaBytes, apart });
  current = planned.program;
  report("plan");
  const memory = { recorded, peak: planned.peakBytes, bytes: planned.arenaBytes };
  return { program: current, setup: planned.setup, origins: planned.origins, passes, notFused, memory };
}

/** Merges launches; merges fewer if peak memory would exceed `most` bytes. */
function fused(program: LaunchProgram, buffers: number, most: number): Fused {
  const limits = { buffers, functions: FUNCTIONS }, all = fuse(program, limits);
  return peak(all.program) <= most ? all : fuse(program, { ...limits, frugal: true });
}

/** Peak memory of own slots, in bytes. */
function peak(program: LaunchProgram): number {
  return peakOf(lifetimesOf(program, ALIGNMENT));
}

function ownBytes({ slots }: LaunchProgram): number {
  return slots.reduce((sum, { kind, bytes }) => sum + (kind === "own" ? bytes : 0), 0);
}
