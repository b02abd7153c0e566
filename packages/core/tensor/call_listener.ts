/** Listening to calls of ops, on tensors with and without a tape. */
import type { Device } from "../device.ts";
import type { Op } from "../op.ts";
import type { Part } from "../part.ts";
import type { OpCall } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Hears every call of an op in blocks whose frame has it as `listener`. The calls within a composite are heard first,
 * then the call of the composite itself.
 */
export interface CallListener {
  /** Returns true to run a fused op as its composite, whose calls are then heard too. */
  expands(op: Op): boolean;
  /** Receives a call that has run. Its tensors are alive until this returns. */
  heard(call: OpCall): void;
  /** Called before the program reads the elements of `tensor` on the host. */
  read(tensor: Tensor): void;
  /** Hears a call in place before it runs: its output still has what the call overwrites. */
  overwrites?(call: OpCall): void;
  /** Called when a call of `op` starts on `device`; `heard` follows unless the call throws. */
  starts?(op: Op, device: Device): void;
  /**
   * True if compiled functions may run as programs while this listener is active; it then receives their launches as
   * parts, but no ops. Otherwise they run uncompiled.
   */
  readonly hearsReplays?: boolean;
  /** Called when a part of the program starts; `leaves` is called with the same part at its end. */
  enters?(part: Part): void;
  /** Called when a part of the program has ended, also by an error. */
  leaves?(part: Part): void;
}
