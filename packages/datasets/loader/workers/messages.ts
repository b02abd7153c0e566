/** Messages between a loader and its workers. */
import type { BatchPlan } from "../plans.ts";
import type { Cutting } from "../sources.ts";
import type { PackedError } from "./errors.ts";
import type { Packed } from "./packing.ts";
import type { WorkerInfo } from "./worker_module.ts";

/** The first message to a worker. */
export interface Start {
  readonly type: "start";
  /** Module that creates the dataset; null if the worker has its own. */
  readonly module: string | null;
  readonly data: unknown;
  readonly info: WorkerInfo;
}

/** A batch that a worker is to fetch. */
export interface Job {
  readonly type: "job";
  /** Names the answer. */
  readonly id: number;
  /** The number of the batch, which no other batch of the pass has. */
  readonly number: number;
  /** The pass, and the seed of its generator. */
  readonly pass: { readonly id: number; readonly seed: number | bigint };
  /** The samples to fetch, or the settings for cutting the next batch from the worker's stream. */
  readonly from:
    | Pick<BatchPlan, "indices" | "positions">
    | Cutting & {
      /** If true, the samples are read and no batch is made of them. */
      readonly passOver: boolean;
    };
}

/** Answer of a worker: a batch, null at the end of its stream, or an error of a job or (-1) of the worker's start. */
export type Answer =
  | { readonly id: number; readonly batch: Packed | null; readonly warning?: string }
  | { readonly id: number; readonly error: PackedError };
