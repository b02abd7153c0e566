import type { CollectiveOp, Communicator, Tensor } from "@troodon/core";
import { showAsText } from "@troodon/core/kernel";
import { checkOp, checkParts, checkRoot, checkTensor } from "../check_collective.ts";
import { asReduced, divide, type HostElements, keeping, onHost, reducedType } from "../on_host.ts";
import { reduceInto } from "./reduce_into.ts";
import { SharedGroup } from "./shared_group.ts";

/** Default number of bytes that each worker can send at once. */
const CAPACITY = 2 ** 20;

/**
 * Lets workers of one process, or concurrent tasks of one worker, act as the processes of a job, to test programs that
 * train on several processes. Messages go through shared memory, and every member adds them in the order of ranks.
 *
 * @example Two tasks
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { WorkerCommunicator } from "@troodon/distributed";
 *
 * const device = new Device(new ReferenceBackend()), memory = WorkerCommunicator.memory(2);
 * const sums = await Promise.all([0, 1].map(async (rank) => {
 *   const group = new WorkerCommunicator(memory, rank, 2), x = tensor([rank, 10], { device });
 *   await group.allReduce(x);
 *   return x.tolist();
 * }));
 * assertEquals(sums, [[1, 20], [1, 20]]);
 * ```
 */
export class WorkerCommunicator implements Communicator {
  /** The number of this member, from 0. */
  readonly rank: number;
  /** The number of members. */
  readonly size: number;
  readonly #group: SharedGroup;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Joins as member `rank` of `size`; all share one memory, made by {@linkcode WorkerCommunicator.memory}.
   *
   * @throws {RangeError} If `rank` is not an integer in [0, size).
   */
  constructor(memory: SharedArrayBuffer, rank: number, size: number) {
    checkRoot("join a group", rank, size);
    this.rank = rank;
    this.size = size;
    this.#group = new SharedGroup(memory, size);
  }

  /** Makes the memory that `size` members share; messages longer than `capacity` bytes go in parts. */
  static memory(size: number, capacity: number = CAPACITY): SharedArrayBuffer {
    return SharedGroup.memory(size, capacity);
  }

  /** See {@linkcode Communicator}. */
  allReduce(tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    return this.#inTurn("allReduce", [tensor], () => checkOp("allReduce", op, tensor.dtype), async (x) => {
      await releasing(await onHost(x), async (own) => {
        const { bytes, back } = asReduced(own.bytes, x), type = reducedType(x);
        await this.#exchange(bytes, (parts, start) => {
          const to = bytes.subarray(start, start + parts[0]!.length);
          to.set(parts[0]!);
          for (const part of parts.slice(1)) reduceInto(to, part, type, op);
        });
        back();
        own.write();
      });
      if (op === "mean") divide(x, this.size);
    });
  }

  /** See {@linkcode Communicator}. */
  broadcast(tensor: Tensor, root: number = 0): Promise<void> {
    return this.#inTurn("broadcast", [tensor], () => checkRoot("broadcast", root, this.size), async (x) => {
      await releasing(await onHost(x), async (own) => {
        await this.#exchange(own.bytes, (parts, start) => own.bytes.set(parts[root]!, start));
        own.write();
      });
    });
  }

  /** See {@linkcode Communicator}. */
  allGather(output: Tensor, tensor: Tensor): Promise<void> {
    const check = (): void => checkParts("allGather", output, tensor, this.size, ["output", "tensor"]);
    return this.#inTurn("allGather", [output, tensor], check, async (to, from) => {
      await releasing(await onHost(to), async (all) =>
        await releasing(await onHost(from), async (own) => {
          const { length } = own.bytes;
          await this.#exchange(own.bytes, (parts, start) =>
            parts.forEach((part, rank) => all.bytes.set(part, rank * length + start)));
          all.write();
        }));
    });
  }

  /** See {@linkcode Communicator}. */
  reduceScatter(output: Tensor, tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    const check = (): void => {
      checkOp("reduceScatter", op, tensor.dtype);
      checkParts("reduceScatter", tensor, output, this.size, ["tensor", "output"]);
    };
    return this.#inTurn("reduceScatter", [output, tensor], check, async (to, from) => {
      await releasing(await onHost(to), async (own) =>
        await releasing(await onHost(from), async (all) => {
          const result = asReduced(own.bytes, to), sums = asReduced(all.bytes, from).bytes.slice();
          const type = reducedType(from), { length } = result.bytes;
          await this.#exchange(sums.slice(), (parts, start) => {
            const part = sums.subarray(start, start + parts[0]!.length);
            part.set(parts[0]!);
            for (const other of parts.slice(1)) reduceInto(part, other, type, op);
          });
          result.bytes.set(sums.subarray(this.rank * length, (this.rank + 1) * length));
          result.back();
          own.write();
        }));
      if (op === "mean") divide(to, this.size);
    });
  }

  /** See {@linkcode Communicator}. */
  barrier(): Promise<void> {
    return this.#inTurn("barrier", [], () => {}, () => this.#group.barrier());
  }

  /** Makes all waiting members throw an error, and throws one with the reason. */
  abort(reason: string): void {
    this.#group.abort();
    throw new TypeError(`Cannot go on as rank ${this.rank} of ${this.size} aborted the job: ${reason}`);
  }

  /** Does nothing, as the memory is freed when nothing refers to it. */
  close(): void {}

  /** Shows the rank and the size of the group. */
  toString(): string {
    return `WorkerCommunicator(rank ${this.rank} of ${this.size})`;
  }

  /** Runs collectives one after another, on tensors that stay valid if the caller disposes of its own. */
  async #inTurn(
    name: string,
    tensors: readonly Tensor[],
    check: () => void,
    run: (...handles: Tensor[]) => Promise<void>,
  ): Promise<void> {
    for (const tensor of tensors) checkTensor(name, tensor);
    check();
    await keeping(tensors, (...handles) => {
      const done = this.#last.then(() => run(...handles));
      this.#last = done.catch(() => {});
      return done;
    });
  }

  /** Sends bytes in parts; `take` gets the parts of all members, and where they begin. */
  async #exchange(
    bytes: Uint8Array,
    take: (parts: readonly Uint8Array[], start: number) => void,
  ): Promise<void> {
    const group = this.#group, { capacity } = group;
    const ranks = Array.from({ length: this.size }, (_, rank) => rank);
    for (let start = 0; start < bytes.length; start += capacity) {
      const part = bytes.subarray(start, start + capacity);
      group.place(this.rank).set(part);
      await group.barrier();
      take(ranks.map((rank) => group.place(rank).subarray(0, part.length)), start);
      // Nobody writes the next part before all have read this one.
      await group.barrier();
    }
  }

  static {
    showAsText(this);
  }
}

/** Runs `f`, then ends the use of elements. */
async function releasing(
  elements: HostElements,
  f: (elements: HostElements) => Promise<void>,
): Promise<void> {
  try {
    await f(elements);
  } finally {
    elements.end();
  }
}
