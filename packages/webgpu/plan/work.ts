/** A model of the work of a dispatch, and the division of large dispatches into parts. */
import type { ShaderSource } from "../device/pipelines.ts";
import type { Groups } from "../device/stream.ts";
import type { Words } from "./plan.ts";

/**
 * The work of a dispatch, as a slow GPU counts it: one that does 50 thousand million operations a second, moves 10 GB in
 * that time, and takes one thread through 20 million dependent steps.
 */
export interface Work {
  /** Arithmetic operations of all threads together; a byte that is moved counts as {@linkcode PER_BYTE} of them. */
  readonly operations: number;
  /** Steps of the loops of that thread which has the most. */
  readonly steps: number;
}

/** Limits of the work that is done at once. */
export interface WorkLimits {
  /** Operations of a dispatch, half a second of a slow GPU by default; a submission has twice as many. */
  readonly operations: number;
  /** Steps of the loops of one thread; 16,384 by default, as lavapipe ends loops after 65,535 without a word. */
  readonly steps: number;
  /** Bytes of one piece of temporary memory; as many as a buffer may have by default. */
  readonly bytes: number;
}

/** Limits under which no dispatch takes long enough for Windows to reset the GPU, which it does after two seconds, on any device. */
export const WORK_LIMITS: WorkLimits = { operations: 25e9, steps: 2 ** 14, bytes: 2 ** 27 };

/** Operations in the time that moving a byte takes. */
export const PER_BYTE = 5;

/** Operations in the time that one thread takes for a step. */
const PER_STEP = 2500;

/** Workgroups that a part has at most: as many as one axis of a grid. */
const GROUPS = 65535;

/** The time that work takes, in operations. */
export function costOf({ operations, steps }: Work): number {
  return Math.max(operations, PER_STEP * steps);
}

/** Some of the workgroups of a dispatch, one after the other from a number on. */
export interface Part {
  /** The number of the first one. */
  readonly first: number;
  /** The number of workgroups. */
  readonly count: number;
}

/** A shader that finds its workgroups by numbers from one of its words on. */
export interface PartedShader {
  readonly source: ShaderSource;
  /** The numbers of the dispatch of one part. */
  readonly words: (part: Part) => Words;
}

/** The parts of a grid that are each within the limits, as even as can be; one where the whole is. */
export function partsOf([x, y, z]: Groups, work: Work, { operations }: WorkLimits): readonly Part[] {
  const all = x * y * z;
  if (costOf(work) <= operations || all <= 1) return [{ first: 0, count: all }];
  const most = Math.min(GROUPS, Math.max(1, Math.floor(all * operations / work.operations)));
  const parts = Math.ceil(all / most), each = Math.ceil(all / parts);
  return Array.from(
    { length: Math.ceil(all / each) },
    (_, p) => ({ first: p * each, count: Math.min(each, all - p * each) }),
  );
}
