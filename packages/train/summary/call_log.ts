/** Calls of the modules of a network. */
import type { Device, Launch } from "@troodon/core";
import { bytesOf, disposableStack } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import { tensorsIn } from "../graph/tensors_in.ts";

/** Calls of one module. */
export interface ModuleCalls {
  /** Number of calls. */
  count: number;
  /** Shapes of the outputs of the last call. */
  outputs: readonly (readonly number[])[];
  /** Bytes of the outputs of all calls. */
  bytes: number;
  /** Multiply-adds of the module itself, without those of modules that it calls. */
  multiplyAdds: number;
}

/** Hears of the calls of all modules of a network, by hooks, and of the kernels that run in them. */
export class CallLog {
  readonly #calls = new Map<AnyModule, ModuleCalls>();
  readonly #open: AnyModule[] = [];

  /** The calls of `module`; all zero if there were none. */
  of(module: AnyModule): ModuleCalls {
    let calls = this.#calls.get(module);
    if (calls === undefined) {
      calls = { count: 0, outputs: [], bytes: 0, multiplyAdds: 0 };
      this.#calls.set(module, calls);
    }
    return calls;
  }

  /** Listens to `model` on `device` until the result is disposed of. */
  listen(model: AnyModule, device: Device): Disposable {
    using stack = disposableStack();
    for (const module of model.modules()) {
      stack.use(module.registerForwardPreHook(() => void this.#open.push(module)));
      stack.use(module.registerForwardHook((_, _inputs, output) => this.#ended(module, output)));
    }
    stack.use(device.listen((launch) => {
      const current = this.#open.at(-1);
      if (current !== undefined) this.of(current).multiplyAdds += multiplyAddsOf(launch);
    }));
    return stack.move();
  }

  #ended(module: AnyModule, output: unknown): void {
    this.#open.pop();
    const calls = this.of(module), tensors = tensorsIn(output);
    calls.count++;
    calls.outputs = tensors.map(({ shape }) => shape);
    for (const x of tensors) calls.bytes += x.numel() * bytesOf(x.dtype);
  }
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Products that are added up in a matrix product or convolution; 0 for all other kernels. */
function multiplyAddsOf({ call, inputs: [x, weight], outputs: [y] }: Launch): number {
  switch (call.kernel) {
    case "matmul":
      return product(y!.shape) * x!.shape.at(-1)!;
    case "conv2d":
      return product(y!.shape) * product(weight!.shape.slice(1));
    case "conv2dInputGrad":
      return product(x!.shape) * product(weight!.shape.slice(1));
    default:
      return 0;
  }
}
