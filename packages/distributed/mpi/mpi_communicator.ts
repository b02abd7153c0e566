import type { CollectiveOp, Communicator, Tensor } from "@troodon/core";
import { checkOp, checkParts, checkRoot, checkTensor } from "../check_collective.ts";
import { asReduced, divide, type HostElements, keeping, onHost, reducedType } from "../on_host.ts";
import type { MpiOp } from "./family.ts";
import type { Mpi } from "./mpi.ts";
import { type CollectiveName, StallWatch } from "./stall_watch.ts";

/** Messages below this size are sent on this thread, as handing them to another thread takes longer. */
const ELSEWHERE_FROM = 2 ** 16;
/** Exit code of a job that a process left without closing its communicator. */
const LEFT = 66;
/** Milliseconds that a launcher may need to pass a line on. */
const FORWARDING = 200;

/**
 * Processes of an MPI job. Made by {@linkcode initProcessGroup}.
 *
 * Collectives run in the order of the calls. Elements in the memory of the CPU backend are sent and received in place;
 * those of a GPU are copied to the host and back. Large messages travel while this thread goes on: await the call
 * before you use the tensor again.
 */
export class MpiCommunicator implements Communicator {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** The number of processes. */
  readonly size: number;
  readonly #mpi: Mpi;
  readonly #watch: StallWatch;
  readonly #leave = (): void => this.#abandoned();
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #closed = false;

  /** Takes part in the job; a process that waits for `patience` seconds prints where it is. */
  constructor(mpi: Mpi, patience: number) {
    this.#mpi = mpi;
    this.rank = mpi.rank;
    this.size = mpi.size;
    this.#watch = new StallWatch(mpi.rank, mpi.size, patience);
    // A process that ends during a job would leave the others waiting, or look like success.
    addEventListener("unload", this.#leave);
  }

  /** See {@linkcode Communicator}. */
  allReduce(tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    return this.#collective(
      "allReduce",
      [tensor],
      () => checkOp("allReduce", op, tensor.dtype),
      async (run, x) => {
        await this.#use([x], async ([own]) => {
          const { bytes, back } = asReduced(own!.bytes, x);
          await this.#mpi.allReduce(bytes, reducedType(x), summed(op), run(bytes));
          back();
          own!.write();
        });
        if (op === "mean") divide(x, this.size);
      },
    );
  }

  /** See {@linkcode Communicator}. */
  broadcast(tensor: Tensor, root: number = 0): Promise<void> {
    return this.#collective(
      "broadcast",
      [tensor],
      () => checkRoot("broadcast", root, this.size),
      async (run, x) => {
        await this.#use([x], async ([own]) => {
          await this.#mpi.broadcast(own!.bytes, root, run(own!.bytes));
          if (this.rank !== root) own!.write();
        });
      },
    );
  }

  /** See {@linkcode Communicator}. */
  allGather(output: Tensor, tensor: Tensor): Promise<void> {
    const check = (): void => checkParts("allGather", output, tensor, this.size, ["output", "tensor"]);
    return this.#collective("allGather", [output, tensor], check, async (run, to, from) => {
      await this.#use([to, from], async ([all, own]) => {
        await this.#mpi.allGather(all!.bytes, own!.bytes, run(all!.bytes));
        all!.write();
      });
    });
  }

  /** See {@linkcode Communicator}. */
  reduceScatter(output: Tensor, tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    const check = (): void => {
      checkOp("reduceScatter", op, tensor.dtype);
      checkParts("reduceScatter", tensor, output, this.size, ["tensor", "output"]);
    };
    return this.#collective("reduceScatter", [output, tensor], check, async (run, to, from) => {
      await this.#use([to, from], async ([own, all]) => {
        const part = asReduced(own!.bytes, to), whole = asReduced(all!.bytes, from).bytes.slice();
        await this.#mpi.reduceScatter(part.bytes, whole, reducedType(from), summed(op), run(whole));
        part.back();
        own!.write();
      });
      if (op === "mean") divide(to, this.size);
    });
  }

  /** See {@linkcode Communicator}. */
  barrier(): Promise<void> {
    return this.#collective("barrier", [], () => {}, () => this.#mpi.barrier(this.#pending > 1));
  }

  /** Prints the reason, and ends all processes of the job with exit code 1. */
  abort(reason: string): void {
    this.#closed = true;
    this.#abort(`rank ${this.rank} of ${this.size} aborts the job: ${reason}`, 1);
  }

  /** Leaves the job. Every process must call it at the end of its work. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    removeEventListener("unload", this.#leave);
    this.#watch.close();
    this.#mpi.finalize();
  }

  /** Names the MPI library, and the rank of this process in the job. */
  toString(): string {
    return `MpiCommunicator(${this.#mpi.version}, rank ${this.rank} of ${this.size})`;
  }

  /** Runs collectives one after another, in an order that all processes of the job share. */
  async #collective(
    name: CollectiveName,
    tensors: readonly Tensor[],
    check: () => void,
    run: (elsewhere: (bytes: Uint8Array) => boolean, ...handles: Tensor[]) => Promise<void>,
  ): Promise<void> {
    try {
      if (this.#closed) throw new TypeError(`Cannot ${name} as the communicator was closed`);
      for (const tensor of tensors) checkTensor(name, tensor);
      check();
      await keeping(tensors, (...handles) => this.#inTurn(name, (elsewhere) => run(elsewhere, ...handles)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      error.message = `${error.message} (rank ${this.rank} of ${this.size}, ${name})`;
      throw error;
    }
  }

  #inTurn(
    name: CollectiveName,
    run: (elsewhere: (bytes: Uint8Array) => boolean) => Promise<void>,
  ): Promise<void> {
    const waiting = this.#pending > 0, may = this.#mpi.mayRunElsewhere;
    this.#pending++;
    const begin = async (): Promise<void> => {
      this.#watch.enter(name);
      try {
        await run((bytes) => may && (waiting || bytes.length >= ELSEWHERE_FROM));
      } catch (error) {
        if (error instanceof Error) error.message = `${error.message} (call ${this.#watch.call})`;
        throw error;
      } finally {
        this.#pending--;
        this.#watch.leave();
      }
    };
    const done = waiting ? this.#last.then(begin) : begin();
    this.#last = done.catch(() => {});
    return done;
  }

  /** Brings tensors to the host while `f` works on their bytes. */
  async #use(
    tensors: readonly Tensor[],
    f: (elements: readonly HostElements[]) => Promise<void>,
  ): Promise<void> {
    const elements: HostElements[] = [];
    try {
      for (const tensor of tensors) elements.push(await onHost(tensor));
      await f(elements);
    } finally {
      for (const { end } of elements) end();
    }
  }

  #abandoned(): void {
    if (this.#closed) return;
    const where = `rank ${this.rank} of ${this.size}`;
    this.#abort(`${where} ends before it has closed its communicator: the job is aborted`, LEFT);
  }

  #abort(line: string, code: number): void {
    console.error(line);
    // A launcher that ends at once would not pass the line on.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FORWARDING);
    this.#mpi.abort(code);
  }
}

/** The operation that MPI performs for `op`. */
function summed(op: CollectiveOp): MpiOp {
  return op === "mean" ? "sum" : op;
}
