/** What the GPU has to do for a call, apart from the memory that it is done on. */
import type { Body, RandomState } from "@troodon/core";
import type { ShaderSource } from "../device/pipelines.ts";
import type { Groups, Shader } from "../device/stream.ts";
import type { NumberKind } from "../wgsl/types.ts";
import type { PartedShader, Work } from "./work.ts";

/** The slot of the status buffer. Those of the call's buffers follow, in the order of their first view; then scratch memory. */
export const STATUS_SLOT = 0;

/** A number that is known when a plan runs, and the word of the dispatch that it belongs to. */
export type LiveWord =
  /** The offset of an operand of the call. */
  | { readonly kind: "offset"; readonly at: number; readonly operand: number }
  /** What `body` makes of the scalars of the call: as many words as it has of them, twice as many for int64. */
  | { readonly kind: "scalars"; readonly at: number; readonly body: Body; readonly number: NumberKind }
  /** Seed and offset of the random state of the call: four words. */
  | { readonly kind: "random"; readonly at: number };

/** The numbers that a dispatch reads: those that are always the same, and what replaces some of them. */
export interface Words {
  readonly fixed: Uint32Array;
  readonly live: readonly LiveWord[];
}

/** One run of a shader that is not compiled yet: what kernels give. */
export interface Draft {
  readonly source: ShaderSource;
  readonly groups: Groups;
  /** The slot of each storage buffer of the shader. */
  readonly slots: readonly number[];
  readonly words: Words;
  readonly work: Work;
  /** Makes the shader that runs part of the grid. */
  readonly parted: () => PartedShader;
}

/** One run of a shader. */
export interface Dispatch {
  readonly shader: Shader;
  readonly groups: Groups;
  /** The slot of each storage buffer of the shader. */
  readonly slots: readonly number[];
  readonly words: Words;
  /** The time that it takes on a slow GPU, in operations: see `costOf` in `work.ts`. */
  readonly cost: number;
}

/** Dispatches in order, and the memory that they want. It can be bound to any buffers of which its key would be the same. */
export interface Plan {
  readonly dispatches: readonly Dispatch[];
  /** The slot of each operand of the call, inputs first. */
  readonly operands: readonly number[];
  /** Bytes of each temporary buffer; their slots follow those of the operands. */
  readonly scratch: readonly number[];
  /** Whether an index that does not exist may be reported in the status buffer. */
  readonly reports: boolean;
}

/** What live words are taken from: a call with its views. */
export interface Values {
  readonly inputs: readonly { readonly offset: number }[];
  readonly outputs: readonly { readonly offset: number }[];
  readonly scalars: readonly number[];
  readonly random: RandomState | undefined;
}
