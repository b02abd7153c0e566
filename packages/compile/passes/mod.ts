/** What is done with a captured program before it is run many times. */
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
  /** Launches that give the same in every run are run once; true by default. */
  readonly constants?: boolean;
  /** Launches and results that nobody reads are dropped; true by default. */
  readonly dead?: boolean;
  /** ReLU and pooling in either order become one kernel; true by default. */
  readonly pool?: boolean;
  /** Neighboring launches are merged, which may change last digits; true by default. */
  readonly fuse?: boolean;
  /**
   * Gradients of the weight and the bias of a linear layer become one kernel, which changes last digits; false by
   * default. For devices on which a launch costs more than small products, and that have `conv2dWeightGrad`.
   */
  readonly sums?: boolean;
  /** Neighboring maps that do the same to different memory run together; true by default. */
  readonly group?: boolean;
  /** Memory within a run is laid out on arenas; true by default. */
  readonly plan?: boolean;
  /** Pieces of memory that one launch may have; 8 by default, which every GPU allows. */
  readonly buffers?: number;
  /**
   * Whether operands of products, and those of several types, lie on arenas apart, as GPUs ask for, which bind each as
   * elements of one type; true by default. Otherwise fewer arenas leave fewer gaps.
   */
  readonly apart?: boolean;
  /** Bytes of the largest arena; 128 MiB by default, which every GPU allows. */
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

/** Pieces of memory of a launch that every GPU allows; more would also hold more memory at one time. */
export const BUFFERS = 8;

/** Bytes of an arena that every GPU allows. */
export const ARENA_BYTES: number = 2 ** 27;

/** Functions that one merged map may apply, so that kernels stay small. */
const FUNCTIONS = 160;

/** A program after one of the passes. */
export interface PassReport {
  /** Name of the pass: "recorded", "constants", "dead", "pool", "fuse", "sums" or "plan". */
  readonly pass: string;
  /** Launches and bytes after it. */
  readonly traffic: Traffic;
  /** The launches after it. */
  readonly launches: readonly ProgramLaunch[];
}

/** Bytes that a program needs for what it has only within a run. */
export interface ProgramMemory {
  /** The most that was in use at one time as recorded. */
  readonly recorded: number;
  /** The most that is in use at one time now. */
  readonly peak: number;
  /** All arenas, or all slots where they are not planned. */
  readonly bytes: number;
}

/** What {@linkcode optimizeProgram} gives. */
export interface OptimizedProgram {
  /** What each run does. Given and constant slots come first, in the order that they had. */
  readonly program: LaunchProgram;
  /** What runs once, before the first run, over the same slots. */
  readonly setup: readonly ProgramLaunch[];
  /** For each slot of the program the slot that it was before; null for new memory. */
  readonly origins: readonly (number | null)[];
  /** The program before the passes and after each of them. */
  readonly passes: readonly PassReport[];
  /** Launches of `passes` after "fuse" that stand alone, and why. */
  readonly notFused: readonly NotFused[];
  /** Bytes of memory within a run. */
  readonly memory: ProgramMemory;
}

/**
 * A program that gives the same with fewer launches and less memory. To the bit without `fuse` and `pool`, which may
 * change last digits.
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

/** Merged launches; fewer of them where all would need more than `most` bytes within a run. */
function fused(program: LaunchProgram, buffers: number, most: number): Fused {
  const limits = { buffers, functions: FUNCTIONS }, all = fuse(program, limits);
  return peak(all.program) <= most ? all : fuse(program, { ...limits, frugal: true });
}

/** The most bytes of own slots that are in use at one time. */
function peak(program: LaunchProgram): number {
  return peakOf(lifetimesOf(program, ALIGNMENT));
}

function ownBytes({ slots }: LaunchProgram): number {
  return slots.reduce((sum, { kind, bytes }) => sum + (kind === "own" ? bytes : 0), 0);
}
