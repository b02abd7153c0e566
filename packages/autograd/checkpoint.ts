/** Memory for time: parts of a network that are calculated twice. */
import {
  defaultGenerator,
  type Device,
  type Generator,
  type GeneratorState,
  type Tensor,
  tidySync,
} from "@troodon/core";
import { checkCall, flow, nextSerial } from "@troodon/core/kernel";
import { isGradEnabled } from "./mode.ts";
import { type CallNode, hasSegment, inSegment, type Node, type Segment } from "./node.ts";
import type { Differentiable } from "./transform.ts";

/** Where generators stand. */
type Standing = readonly (readonly [Generator, GeneratorState])[];

const standingOf = (generators: Iterable<Generator>): Standing =>
  Array.from(generators, (generator) => [generator, generator.getState()]);

const restore = (standing: Standing): void =>
  standing.forEach(([generator, state]) => generator.setState(state));

/** One call of a function whose nodes keep nothing but the way to make them again. */
class Checkpoint implements Segment {
  since: number = nextSerial();
  readonly #f: () => unknown;
  readonly #inputs: readonly Tensor[];
  readonly #versions: readonly number[];
  readonly #standing: Standing;
  // Where it makes tensors that are given no device.
  readonly #device: Device | null;
  readonly #nodes: CallNode[] = [];
  // While the calls are made again.
  #again: CallNode[] | null = null;
  #open = true;
  #left = 0;

  constructor(f: (...inputs: Tensor[]) => unknown, inputs: readonly Tensor[]) {
    const own = inputs.map((x) => x.alias());
    this.#f = () => f(...own);
    this.#inputs = own;
    this.#versions = own.map((x) => x.version.count);
    this.#device = flow.currentFlow().device;
    this.#standing = standingOf(new Set([defaultGenerator(), ...inputs.map((x) => x.device.generator)]));
  }

  note(node: CallNode): boolean {
    (this.#again ?? this.#nodes).push(node);
    return this.#again !== null;
  }

  /** Ends the forward pass; without a node there is nothing to come back to. */
  close(): void {
    this.#open = false;
    if (this.#nodes.length === 0) this.#free();
  }

  restore(): void {
    if (this.#open) {
      throw new TypeError(
        "Cannot differentiate within checkpoint() as it keeps nothing: do so outside of it",
      );
    }
    this.#inputs.forEach((x, i) => {
      if (x.isDisposed) {
        throw new ReferenceError(
          `Cannot run backward() through checkpoint() as its input ${i} was freed at the end of a Scope: ` +
            "call it within, or return the tensor from tidy()",
        );
      }
      if (x.version.count !== this.#versions[i]) {
        throw new TypeError(
          `Cannot run backward() through checkpoint() as its input ${i} was changed by an in-place op: ` +
            "use the form without `_`, or clone()",
        );
      }
    });
    const again: CallNode[] = this.#again = [],
      now = standingOf(this.#standing.map(([generator]) => generator));
    tidySync(() => {
      try {
        restore(this.#standing);
        this.since = nextSerial();
        inSegment(this, () => this.#runAsBefore());
      } finally {
        restore(now);
        this.#again = null;
      }
      this.#check(again);
      const origin = new Map<Node, CallNode>(again.map((node, i) => [node, this.#nodes[i]!]));
      // Whoever frees the inputs frees what was made of them, walked or not.
      const owner = this.#inputs[0]?.scope ?? null;
      again.forEach((node, i) => this.#nodes[i]!.refill(node, origin, owner));
    }, true);
    this.#free();
  }

  #runAsBefore(): void {
    const frame = flow.syncFrame({ device: this.#device }), before = flow.enterSync(frame);
    try {
      this.#f();
    } finally {
      flow.leaveSync(frame, before);
    }
  }

  #check(again: readonly CallNode[]): void {
    const differs = (node: CallNode, i: number) => node.op.name !== this.#nodes[i]?.op.name;
    if (again.length !== this.#nodes.length || again.some(differs)) {
      throw new TypeError(
        "Cannot run backward() through checkpoint() as its function must make the same calls each time: " +
          `there were ${this.#nodes.length} at first and ${again.length} now, or others`,
      );
    }
  }

  leave(): void {
    if (++this.#left === this.#nodes.length) this.#free();
  }

  visitInputs(adopt: (input: Tensor) => void): void {
    for (const x of this.#inputs) if (!x.isDisposed) adopt(x);
  }

  #free(): void {
    for (const x of this.#inputs) x.dispose();
    this.#nodes.length = 0;
  }
}

/**
 * `f(...inputs)`, of which nothing but the inputs and the result is kept for the
 * backward pass: `f` is called again when that arrives, with the same random
 * numbers (of the devices' generators and the default one). As
 * `torch.utils.checkpoint` without reentrance: gradients of any order reach the
 * inputs and whatever `f` closes over. What is made on the way in `f` is freed
 * when it returns.
 *
 * `f` must do the same each time. Running statistics of batch-norm are updated
 * twice; a checkpoint within another is part of that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { checkpoint, tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor([1, 2], { device, requiresGrad: true });
 * const y = checkpoint((x: Tensor) => x.mul(x).mul(x), x);
 * y.sum().backward();
 * assertEquals(x.grad?.tolist(), [3, 12]);
 * ```
 */
export function checkpoint<Y extends Differentiable>(f: (...inputs: Tensor[]) => Y, ...inputs: Tensor[]): Y {
  checkCall("checkpoint", arguments, "f+");
  if (!isGradEnabled() || hasSegment()) return f(...inputs);
  const segment = new Checkpoint(f, inputs);
  try {
    return tidySync(() => inSegment(segment, () => f(...inputs)));
  } finally {
    segment.close();
  }
}

/**
 * `functions` one after the other, in `segments` parts of about equal length, each
 * but the last in a {@linkcode checkpoint} of its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { checkpointSequential, tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor(2, { device, requiresGrad: true });
 * const layers = [(x: Tensor) => x.square(), (x: Tensor) => x.mul(3), (x: Tensor) => x.square()];
 * checkpointSequential(layers, 2, x).backward();
 * assertEquals(x.grad?.item(), 288);
 * ```
 */
export function checkpointSequential(
  functions: readonly ((x: Tensor) => Tensor)[],
  segments: number,
  x: Tensor,
): Tensor {
  checkCall("checkpointSequential", arguments, "adx");
  for (const f of functions) checkCall("checkpointSequential", [f], "f");
  if (!Number.isInteger(segments) || segments < 1 || segments > functions.length) {
    throw new RangeError(
      `Cannot apply checkpointSequential() as segments must be an integer from 1 to ${functions.length}: ` +
        `current number is ${segments}`,
    );
  }
  const length = Math.floor(functions.length / segments), last = length * (segments - 1);
  const run = (from: number, to?: number) => (x: Tensor): Tensor =>
    functions.slice(from, to).reduce((y, f) => f(y), x);
  let y = x;
  for (let from = 0; from < last; from += length) y = checkpoint(run(from, from + length), y);
  return run(last)(y);
}
