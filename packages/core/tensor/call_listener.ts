/** Hearing the calls of ops, whether or not anything is differentiated: what an exporter of graphs needs. */
import type { Op } from "../op.ts";
import type { OpCall } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Hears every call of an op in the blocks that it is put in force for, by the setting `listener` of a frame. The ops
 * that a composite is made of are heard first, then the call of the composite itself.
 */
export interface CallListener {
  /** Whether `op` runs as its composite, whose calls are then heard too, though the backend has a kernel for it. */
  expands(op: Op): boolean;
  /** Hears a call that has run. Its tensors are alive until this returns; whoever needs them longer holds them. */
  heard(call: OpCall): void;
  /** Hears that the program reads the elements of `tensor` on the host, before it does. */
  read(tensor: Tensor): void;
  /** Hears a call in place before it runs: its output still has what the call overwrites. */
  overwrites?(call: OpCall): void;
}
