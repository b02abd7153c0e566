import type { CollectiveOp, Communicator, Tensor } from "@troodon/core";
import { noGrad } from "@troodon/autograd";
import { tidySync } from "@troodon/core";
import { checkOp, checkParts, checkRoot, checkTensor } from "./check_collective.ts";

/**
 * One process alone: rank 0 of 1. Programs that train on several processes run with it unchanged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { SingleProcess } from "@troodon/distributed";
 *
 * const device = new Device(new ReferenceBackend()), alone = new SingleProcess();
 * const x = tensor([1, 2], { device });
 * await alone.allReduce(x);
 * assertEquals([alone.rank, alone.size, x.tolist()], [0, 1, [1, 2]]);
 * ```
 */
export class SingleProcess implements Communicator {
  /** The number of this process. */
  readonly rank: number = 0;
  /** The number of processes. */
  readonly size: number = 1;

  /** Leaves the tensor as it is, as there is nothing to add. */
  allReduce(tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    return attempt(() => {
      checkTensor("allReduce", tensor);
      checkOp("allReduce", op, tensor.dtype);
    });
  }

  /** Leaves the tensor as it is. */
  broadcast(tensor: Tensor, root: number = 0): Promise<void> {
    return attempt(() => {
      checkTensor("broadcast", tensor);
      checkRoot("broadcast", root, 1);
    });
  }

  /** Copies the tensor to `output`, `[1, ...tensor.shape]`. */
  allGather(output: Tensor, tensor: Tensor): Promise<void> {
    return attempt(() => {
      checkTensor("allGather", output);
      checkTensor("allGather", tensor);
      checkParts("allGather", output, tensor, 1, ["output", "tensor"]);
      noGrad(() => tidySync(() => void output.copy_(tensor)));
    });
  }

  /** Copies the only part of the tensor to `output`. */
  reduceScatter(output: Tensor, tensor: Tensor, op: CollectiveOp = "sum"): Promise<void> {
    return attempt(() => {
      checkTensor("reduceScatter", output);
      checkTensor("reduceScatter", tensor);
      checkOp("reduceScatter", op, tensor.dtype);
      checkParts("reduceScatter", tensor, output, 1, ["tensor", "output"]);
      noGrad(() => tidySync(() => void output.copy_(tensor.reshape([...output.shape]))));
    });
  }

  /** Resolves at once. */
  barrier(): Promise<void> {
    return Promise.resolve();
  }

  /** Throws an error with the reason, which ends the program unless it is caught. */
  abort(reason: string): void {
    throw new TypeError(`Cannot go on as the job was aborted: ${reason}`);
  }

  /** Does nothing, as there is no job to leave. */
  close(): void {}
}

/** Runs `f` and returns a promise that is rejected if it throws. */
function attempt(f: () => void): Promise<void> {
  try {
    f();
    return Promise.resolve();
  } catch (error) {
    return Promise.reject(error);
  }
}
