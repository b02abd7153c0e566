/** Derivatives of functions as tensors, as `torch.autograd.functional` has them. */
import { eye, full, isFloating, stack, type Tensor, tidySync, zeros } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { enableGrad, isGradEnabled } from "./mode.ts";
import { AccumulateGrad } from "./leaf_node.ts";
import { ownHandle, settled } from "./own.ts";
import { seedOf, tape } from "./tape.ts";
import type { Differentiable } from "./transform.ts";
import { walk } from "./walk.ts";

/** Options of all functions here. */
export interface FunctionalOptions {
  /** Whether the result can be differentiated further; false by default. */
  readonly createGraph?: boolean;
}
const FUNCTIONAL_OPTIONS: OptionKeys<FunctionalOptions> = { createGraph: true };

/** What `X` holds one `T` for each tensor of: a tensor, or a list. */
export type Each<X extends Differentiable, T> = X extends Tensor ? T : { -readonly [I in keyof X]: T };

/** A function of one tensor after the other. */
export type TensorFunction<Y extends Differentiable = Differentiable> = (...inputs: Tensor[]) => Y;

const listOf = (x: Differentiable): readonly Tensor[] => Array.isArray(x) ? x : [x as Tensor];

/** `all` as a list where `like` is one, and its one element otherwise. */
function as<X extends Differentiable, T>(like: X, all: readonly T[]): Each<X, T> {
  return (Array.isArray(like) ? all : all[0]) as Each<X, T>;
}

/** A call of a function on inputs of its own, to be walked back through. */
class Call<Y extends Differentiable> {
  readonly own: readonly Tensor[];
  readonly result: Y;
  readonly outputs: readonly Tensor[];

  constructor(name: string, f: TensorFunction<Y>, inputs: Differentiable, linked: boolean) {
    const list = listOf(inputs), wrong = list.findIndex((x) => !isFloating(x.dtype));
    if (list.length === 0 || wrong >= 0) {
      throw new TypeError(
        `Cannot compute ${name}() as there must be inputs, all of a floating dtype: current dtypes are ` +
          `[${list.map((x) => x.dtype).join(", ")}]`,
      );
    }
    this.own = list.map((x) => ownHandle(x, tape, linked));
    this.result = settled(name, enableGrad(() => f(...this.own)));
    this.outputs = listOf(this.result);
  }

  /** The gradients of the inputs from those of the outputs: zeros where nothing arrives. */
  pull(seeds: readonly Tensor[], createGraph: boolean, retainGraph = createGraph): Tensor[] {
    return pull(this.outputs, seeds, this.own, createGraph, retainGraph);
  }

  /** The result, without its history unless `linked`. */
  value(linked: boolean): Y {
    const outputs = linked ? this.outputs : this.outputs.map((y) => y.detach());
    return as(this.result, outputs) as unknown as Y;
  }

  /** The one output, of one element. */
  scalar(name: string): Tensor {
    const [y, ...more] = this.outputs;
    if (y === undefined || more.length > 0 || y.numel() !== 1) {
      throw new RangeError(
        `Cannot compute ${name}() as the function must give one element: current shapes are ` +
          this.outputs.map((t) => `[${t.shape.join(", ")}]`).join(", "),
      );
    }
    return y;
  }

  /** Whoever walks this graph later has nothing to leave in the handles. */
  close(): void {
    for (const t of this.own) if (t.node instanceof AccumulateGrad) t.node.tensor = null;
  }
}

function pull(
  outputs: readonly Tensor[],
  seeds: readonly Tensor[],
  targets: readonly Tensor[],
  createGraph: boolean,
  retainGraph: boolean,
): Tensor[] {
  const live = outputs.flatMap((y, i) => y.node === null ? [] : [i]);
  const found = live.length === 0 ? [] : walk(
    live.map((i) => outputs[i]!),
    live.map((i) => seeds[i]!),
    targets,
    { createGraph, retainGraph },
  );
  return targets.map((x, i) => found[i] ?? zeros(x.shape, { device: x.device, dtype: x.dtype }));
}

/** Runs `f` on a call, and frees all but what it returns. */
function within<Y extends Differentiable, T>(
  name: string,
  f: TensorFunction<Y>,
  inputs: Differentiable,
  { createGraph = false }: FunctionalOptions,
  derive: (call: Call<Y>, createGraph: boolean) => T,
): T {
  const linked = createGraph && isGradEnabled();
  return tidySync(() => {
    const call = new Call(name, f, inputs, linked);
    try {
      return derive(call, linked);
    } finally {
      call.close();
    }
  });
}

/** The given directions, checked against what they belong to. */
function directions(name: string, of: readonly Tensor[], v: Differentiable | undefined): Tensor[] {
  const list = v === undefined ? [] : listOf(v);
  if (v !== undefined && list.length !== of.length) {
    throw new RangeError(
      `Cannot compute ${name}() as there must be ${of.length} tensors in v: current number is ${list.length}`,
    );
  }
  return of.map((t, i) => seedOf(name, t, list[i]));
}

/** Jacobians by outputs, then inputs: a tensor in place of a list of one where the function takes or gives a tensor. */
export type Jacobian<Y extends Differentiable, X extends Differentiable> = Each<Y, Each<X, Tensor>>;

/**
 * The derivatives of all elements that `f` gives by all elements of its inputs: a
 * tensor of shape [...output, ...input] for each output and input. One walk back
 * for each element of the outputs.
 *
 * @param inputs A tensor, or a list that `f` takes one after the other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { jacobian } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2], { device });
 * assertEquals(jacobian((x: Tensor) => x.mul(x), x).tolist(), [[2, 0], [0, 4]]);
 * ```
 */
export function jacobian<Y extends Differentiable, X extends Differentiable>(
  f: TensorFunction<Y>,
  inputs: X,
  options: FunctionalOptions = {},
): Jacobian<Y, X> {
  checkCall("jacobian", arguments, "fm.");
  options = readOptions("jacobian()", options, FUNCTIONAL_OPTIONS);
  return within("jacobian", f, inputs, options, (call, createGraph) => {
    const all = call.outputs.map((y) => {
      const { device, dtype } = y, n = y.numel();
      const units = eye(n, n, { device, dtype }).reshape([n, ...y.shape]);
      const rows = Array.from(
        { length: n },
        (_, i) => pull([y], [units.at(i)], call.own, createGraph, true),
      );
      return as(
        inputs,
        call.own.map((x, j) => {
          const shape = [...y.shape, ...x.shape];
          if (n === 0) return zeros(shape, { device, dtype: x.dtype });
          return stack(rows.map((row) => row[j]!)).reshape(shape);
        }),
      );
    });
    return as(call.result, all);
  });
}

/**
 * The second derivatives of `f`, which gives one element: a tensor of shape
 * [...x, ...z] for each two inputs x and z.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { hessian } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2], { device });
 * assertEquals(hessian((x: Tensor) => x.prod().mul(3), x).tolist(), [[0, 3], [3, 0]]);
 * ```
 */
export function hessian<X extends Differentiable>(
  f: TensorFunction<Tensor>,
  inputs: X,
  options: FunctionalOptions = {},
): Each<X, Each<X, Tensor>> {
  checkCall("hessian", arguments, "fm.");
  options = readOptions("hessian()", options, FUNCTIONAL_OPTIONS);
  const gradient = (...own: Tensor[]): Tensor[] =>
    within("hessian", f, own, { createGraph: true }, (call) => {
      return call.pull([seedOf("hessian", call.scalar("hessian"), null)], true);
    });
  const rows = jacobian(gradient, listOf(inputs), options);
  return as(inputs, rows.map((row) => as(inputs, row))) as Each<X, Each<X, Tensor>>;
}

/**
 * The product of a vector and the Jacobian of `f`: what a walk back gives.
 *
 * @param v The vector: one tensor for each output, of its shape; 1 for one element.
 * @returns What `f` gives, and one tensor for each input.
 */
export function vjp<Y extends Differentiable, X extends Differentiable>(
  f: TensorFunction<Y>,
  inputs: X,
  v?: Differentiable,
  options: FunctionalOptions = {},
): [outputs: Y, product: Each<X, Tensor>] {
  checkCall("vjp", arguments, "fmM.");
  options = readOptions("vjp()", options, FUNCTIONAL_OPTIONS);
  return within("vjp", f, inputs, options, (call, createGraph) => {
    const found = call.pull(directions("vjp", call.outputs, v), createGraph);
    return [call.value(createGraph), as(inputs, found)];
  });
}

/**
 * The product of the Jacobian of `f` and a vector: how the outputs change as the
 * inputs move by `v`. By two walks back, of which the second undoes the first.
 *
 * @param v One tensor for each input, of its shape; 1 for one element.
 * @returns What `f` gives, and one tensor for each output.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { jvp } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3], { device }), v = tensor([1, 0, 1], { device });
 * const [y, change] = jvp((x: Tensor) => x.square().sum(), x, v);
 * assertEquals([y.item(), change.item()], [14, 8]);
 * ```
 */
export function jvp<Y extends Differentiable, X extends Differentiable>(
  f: TensorFunction<Y>,
  inputs: X,
  v?: Differentiable,
  options: FunctionalOptions = {},
): [outputs: Y, product: Each<Y, Tensor>] {
  checkCall("jvp", arguments, "fmM.");
  options = readOptions("jvp()", options, FUNCTIONAL_OPTIONS);
  return within("jvp", f, inputs, options, (call, createGraph) => {
    const moves = directions("jvp", call.own, v);
    // The product with any vector is linear in that vector: its derivative is the other product.
    const any = call.outputs.map((y) =>
      ownHandle(full(y.shape, 1, { device: y.device, dtype: y.dtype }), tape, false)
    );
    const products = call.pull(any, true);
    const found = pull(products, moves, any, createGraph, createGraph);
    for (const u of any) (u.node as AccumulateGrad).tensor = null;
    return [call.value(createGraph), as(call.result, found)];
  });
}

function secondOrder<X extends Differentiable>(
  name: string,
  f: TensorFunction<Tensor>,
  inputs: X,
  v: Differentiable | undefined,
  options: FunctionalOptions,
): [output: Tensor, product: Each<X, Tensor>] {
  return within(name, f, inputs, options, (call, createGraph) => {
    const moves = directions(name, call.own, v);
    const gradient = call.pull([seedOf(name, call.scalar(name), null)], true);
    const found = pull(gradient, moves, call.own, createGraph, createGraph);
    return [call.value(createGraph), as(inputs, found)];
  });
}

/**
 * The product of a vector and the Hessian of `f`, which gives one element: the
 * derivative of the gradient's product with the vector.
 *
 * @param v One tensor for each input, of its shape; 1 for one element.
 * @returns What `f` gives, and one tensor for each input.
 */
export function vhp<X extends Differentiable>(
  f: TensorFunction<Tensor>,
  inputs: X,
  v?: Differentiable,
  options: FunctionalOptions = {},
): [output: Tensor, product: Each<X, Tensor>] {
  checkCall("vhp", arguments, "fmM.");
  options = readOptions("vhp()", options, FUNCTIONAL_OPTIONS);
  return secondOrder("vhp", f, inputs, v, options);
}

/**
 * The product of the Hessian of `f`, which gives one element, and a vector: as
 * {@linkcode vhp}, as a Hessian is symmetric where second derivatives are continuous.
 *
 * @param v One tensor for each input, of its shape; 1 for one element.
 * @returns What `f` gives, and one tensor for each input.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
 * import { hvp } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2], { device }), v = tensor([1, 1], { device });
 * assertEquals(hvp((x: Tensor) => x.pow(3).sum(), x, v)[1].tolist(), [6, 12]);
 * ```
 */
export function hvp<X extends Differentiable>(
  f: TensorFunction<Tensor>,
  inputs: X,
  v?: Differentiable,
  options: FunctionalOptions = {},
): [output: Tensor, product: Each<X, Tensor>] {
  checkCall("hvp", arguments, "fmM.");
  options = readOptions("hvp()", options, FUNCTIONAL_OPTIONS);
  return secondOrder("hvp", f, inputs, v, options);
}
