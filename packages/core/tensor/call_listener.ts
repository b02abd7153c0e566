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
  /** Hears that a call of `op` starts on `device`, before anything of it runs: `heard` follows, unless the call throws. */
  starts?(op: Op, device: Device): void;
  /**
   * Whether compiled functions may run as programs while it listens: it hears of their launches as parts, and of no op.
   * Otherwise they run as they are.
   */
  readonly hearsReplays?: boolean;
  /** Hears that a part of the program begins, and what `leaves` is told when it ends. */
  enters?(part: Part): void;
  /** Hears that a part of the program that it heard begin has ended, by an error too. */
  leaves?(part: Part): void;
}
