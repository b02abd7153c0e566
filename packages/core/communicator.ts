/** Processes that calculate together: a contract, as that of backends is. */
import type { Tensor } from "./tensor.ts";

/** The operation by which the tensors of several processes become one. */
export type CollectiveOp = "sum" | "mean" | "prod" | "max" | "min";

/**
 * The processes of one job, as each of them sees it. Every process calls the same methods in the same order, with tensors
 * of the same shapes and dtypes. Training, sampling and layers take one as an argument and know no implementation.
 *
 * @example One process alone
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import type { Communicator } from "@troodon/core";
 *
 * const alone: Pick<Communicator, "rank" | "size"> = { rank: 0, size: 1 };
 * assertEquals(alone.rank < alone.size, true);
 * ```
 */
export interface Communicator {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** The number of processes. */
  readonly size: number;
  /** Overwrites the tensor, in every process, with the sum (by default) of those of all processes. */
  allReduce(tensor: Tensor, op?: CollectiveOp): Promise<void>;
  /** Overwrites the tensor with that of process `root`, 0 by default. */
  broadcast(tensor: Tensor, root?: number): Promise<void>;
  /** Writes the tensors of all processes to `output`, `[size, ...tensor.shape]`, by rank. */
  allGather(output: Tensor, tensor: Tensor): Promise<void>;
  /** Writes to `output` its part of the sum of `tensor`, `[size, ...output.shape]`, over all processes: that at its rank. */
  reduceScatter(output: Tensor, tensor: Tensor, op?: CollectiveOp): Promise<void>;
  /** Resolves when all processes have come here. */
  barrier(): Promise<void>;
  /** Ends the whole job, for a reason that is printed. */
  abort(reason: string): void;
  /** Leaves the job; other processes go on. */
  close(): void;
}
