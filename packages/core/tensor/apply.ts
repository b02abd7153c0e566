/** How ops run. */
import type { KernelCall, MandatoryKernel } from "../backend/kernel_call.ts";
import type { LaunchView } from "../device.ts";
import { computeType, type DType, isFloating } from "../dtype.ts";
import { type Body, body } from "../expr/body.ts";
import { input } from "../expr/expr.ts";
import { contiguousLayout, expandStrides, isContiguous, type Layout } from "../layout.ts";
import { bytesOn } from "../limits.ts";
import type { Arrangement, Op, TensorSpec } from "../op.ts";
import { tidy } from "../scope.ts";
import { sameShape, type Shape, showShape } from "../shape.ts";
import { Storage } from "../storage.ts";
import type { Tape } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { TensorBase } from "./base.ts";
import { runOnHost } from "./host.ts";

/** The body of a copy. */
export const IDENTITY: Body = body(input(0));

const MANDATORY: Readonly<Record<MandatoryKernel, true>> = {
  map: true,
  reduce: true,
  argreduce: true,
  scan: true,
  matmul: true,
  gather: true,
  scatter: true,
  sort: true,
  fold: true,
};

/** A tensor that ops run on; see {@linkcode Tensor}. */
export abstract class OperandTensor extends TensorBase {
  /** Runs an op of one output on this tensor and `rest`. Every operation passes through here. */
  apply<P>(op: Op<P>, params: P, ...rest: Tensor[]): Tensor {
    return this.#run(op, params, [this as unknown as Tensor, ...rest])[0]!;
  }

  /** Runs an op on this tensor and `rest`, and gives all its outputs. */
  applyAll<P>(op: Op<P>, params: P, ...rest: Tensor[]): readonly Tensor[] {
    return this.#run(op, params, [this as unknown as Tensor, ...rest]);
  }

  /** Runs an op without tensor inputs on this tensor's device. */
  applyFresh<P>(op: Op<P>, params: P): Tensor {
    return this.#run(op, params, [])[0]!;
  }

  #run<P>(op: Op<P>, params: P, inputs: readonly Tensor[]): readonly Tensor[] {
    const tape = tapeOf(op, inputs);
    this.#checkDevices(op, inputs);
    const specs = op.infer(inputs, params);
    let outputs: readonly Tensor[];
    if (op.view) {
      const x = inputs[0]!;
      if (tape !== null) x.storage.viewed = true;
      outputs = [this.make(x.storage.retain(), op.view(x, params), specs[0]!.dtype)];
    } else if (op.host) {
      outputs = this.#allEmpty(specs);
      runOnHost(op, params, inputs, outputs);
    } else {
      const call = op.kernel?.(inputs, specs, params);
      if (op.composite && !(call && this.#fused(call, inputs, specs))) {
        if (!op.vjp) return asList(op.composite(inputs, params));
        const detached = inputs.map((t) => t.node ? t.detach() : t);
        outputs = tidy(() => asList(op.composite!(detached, params)));
        detached.forEach((t, i) => t === inputs[i] || t.dispose());
      } else {
        if (op.mutates) outputs = [inputs[0]!.packedCopy()];
        else outputs = this.#allEmpty(specs);
        try {
          if (op.mutates) this.#launch(call!, inputs.slice(1), outputs);
          else if (op.arrange) this.#launchArranged(call!, op.arrange(inputs, params), inputs, outputs);
          else if (op.composite) this.#launchPacked(call!, inputs, outputs);
          else this.#launch(call!, inputs, outputs);
        } catch (error) {
          // Nobody else knows of them.
          for (const y of outputs) y.dispose();
          throw error;
        }
      }
    }
    if (tape !== null) tape.record({ op: op as Op, params, inputs, outputs });
    return outputs;
  }

  /**
   * Runs an op whose result takes the place of this tensor's values. The
   * inputs may name this tensor; kernel "map" and ops that `mutates` only.
   */
  applyInto<P>(op: Op<P>, params: P, ...inputs: Tensor[]): this {
    const self = this as unknown as Tensor;
    this.#checkDevices(op, [self, ...inputs]);
    const spec = op.infer(inputs, params)[0]!;
    if (!sameShape(spec.shape, this.shape)) {
      throw new RangeError(
        `Cannot apply ${op.name}() in place as the result must have the shape of the tensor: ` +
          `current shapes are ${showShape(spec.shape)} and ${showShape(this.shape)}`,
      );
    }
    if (isFloating(spec.dtype) && !isFloating(this.dtype)) {
      throw new TypeError(
        `Cannot apply ${op.name}() in place as ${spec.dtype} does not fit into ${this.dtype}`,
      );
    }
    if (this.strides.some((s, i) => s === 0 && this.shape[i]! > 1) && this.numel > 0) {
      throw new RangeError(
        `Cannot apply ${op.name}() in place as several elements share one place: use clone()`,
      );
    }
    const tape = tapeOf(op, [self, ...inputs]);
    if (tape !== null) {
      if (this.node?.isLeaf) {
        throw new TypeError(
          `Cannot apply ${op.name}() in place as the tensor is a leaf that requires a gradient: ` +
            "write `using _ = noGrad();` before",
        );
      }
      if (this.storage.viewed) {
        throw new TypeError(
          `Cannot apply ${op.name}() in place as a view of the same values takes part in differentiation: use clone()`,
        );
      }
    }
    const call = op.kernel!(inputs, [spec], params);
    // A kernel may read exactly what it writes, but not a shifted window of it.
    const safe = inputs.map((t) =>
      t.storage === this.storage && !op.mutates && !sameLayout(t, this) ? t.packedCopy() : t
    );
    try {
      this.#launch(call, op.mutates ? safe.slice(1) : safe, [self]);
    } finally {
      safe.forEach((t, i) => t === inputs[i] || t.dispose());
    }
    this.storage.version++;
    if (tape !== null) tape.record({ op: op as Op, params, inputs, outputs: [self], inPlace: true });
    return this;
  }

  #checkDevices(op: { readonly name: string }, inputs: readonly Tensor[]): void {
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]!.device !== this.device) {
        throw new TypeError(
          `Cannot apply ${op.name}() as all tensors must be on one device: current devices are ` +
            `${this.device.name} and ${inputs[i]!.device.name}`,
        );
      }
    }
  }

  #allEmpty(specs: readonly TensorSpec[]): readonly Tensor[] {
    // The first would be left over if there were no room for the second.
    if (specs.length > 1) { for (const { shape, dtype } of specs) bytesOn(this.device, shape, dtype); }
    // Not by map(): compiled code gives other arrays than the interpreter, and whoever reads them is compiled anew.
    const made = [this.#empty(specs[0]!.shape, specs[0]!.dtype)];
    for (let i = 1; i < specs.length; i++) made.push(this.#empty(specs[i]!.shape, specs[i]!.dtype));
    return made;
  }

  #empty(shape: Shape, dtype: DType): Tensor {
    const storage = new Storage(this.device, bytesOn(this.device, shape, dtype));
    return this.make(storage, contiguousLayout(shape), dtype);
  }

  /** A tensor of this device with undefined contents; of this tensor's dtype unless given. */
  newEmpty(shape: Shape, dtype: DType = this.dtype): Tensor {
    return this.#empty(shape, dtype);
  }

  #fused(call: KernelCall, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): boolean {
    if (call.kernel in MANDATORY) return true;
    const views = (specs: readonly TensorSpec[]) =>
      specs.map(({ shape, dtype }) => ({ ...contiguousLayout(shape), dtype }));
    return this.device.backend.supports(call, views(inputs), views(outputs));
  }

  #launch(call: KernelCall, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    const views = call.kernel === "map" || call.kernel === "reduce"
      ? expandedViews(inputs, call.shape)
      : inputs;
    const axes = call.kernel === "reduce" ? call.axes : call.kernel === "argreduce" ? [call.axis] : null;
    const results = axes === null ? outputs : [reducedView(outputs[0]!, inputs[0]!.ndim, axes)];
    this.device.launch(call, views, results);
  }

  #launchArranged(
    call: KernelCall,
    { inputs: layouts, output }: Arrangement,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
  ): void {
    const views: LaunchView[] = [];
    for (let i = 0; i < inputs.length; i++) views.push(seenAs(inputs[i]!, layouts[i]!));
    this.device.launch(call, views, output ? [seenAs(outputs[0]!, output)] : outputs);
  }

  /** Fused kernels are promised contiguous inputs. */
  #launchPacked(call: KernelCall, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    if (call.kernel in MANDATORY) return this.#launch(call, inputs, outputs);
    const packed = inputs.map((t) => isContiguous(t) ? t : t.packedCopy());
    try {
      this.device.launch(call, packed, outputs);
    } finally {
      packed.forEach((t, i) => t === inputs[i] || t.dispose());
    }
  }

  /** A contiguous copy with memory of its own that no tape hears of. */
  packedCopy(): Tensor {
    const copy = this.#empty(this.shape, this.dtype);
    const compute = computeType(this.dtype);
    try {
      this.device.launch(
        { kernel: "map", body: IDENTITY, compute, scalars: [], shape: this.shape },
        [this],
        [copy],
      );
    } catch (error) {
      copy.dispose();
      throw error;
    }
    return copy;
  }
}

function tapeOf(op: { readonly differentiable?: boolean }, inputs: readonly Tensor[]): Tape | null {
  if (op.differentiable === false) return null;
  for (let i = 0; i < inputs.length; i++) {
    const node = inputs[i]!.node;
    if (node !== null) return node.tape.recording ? node.tape : null;
  }
  return null;
}

function asList(outputs: Tensor | readonly Tensor[]): readonly Tensor[] {
  return outputs instanceof TensorBase ? [outputs as Tensor] : outputs as readonly Tensor[];
}

function sameLayout(a: Layout, b: Layout): boolean {
  return a.offset === b.offset && sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides);
}

/** The memory of a tensor under another layout. */
function seenAs({ buffer, storage, dtype }: LaunchView, { shape, strides, offset }: Layout): LaunchView {
  return { buffer, storage, dtype, offset, shape, strides };
}

/** All of them repeated over `shape`: mostly they have it already. */
function expandedViews(inputs: readonly LaunchView[], shape: Shape): readonly LaunchView[] {
  let views = inputs as LaunchView[];
  for (let i = 0; i < inputs.length; i++) {
    const t = inputs[i]!;
    if (sameShape(t.shape, shape)) continue;
    if (views === inputs) views = [...inputs];
    views[i] = seenAs(t, { shape, strides: expandStrides(t, shape), offset: t.offset });
  }
  return views;
}

/** Kernels keep the axes they reduce, with extent 1. */
function reducedView(t: LaunchView, rank: number, axes: readonly number[]): LaunchView {
  if (t.shape.length === rank) return t;
  const shape: number[] = [], strides: number[] = [];
  // Axes are in ascending order, as normalizeAxes gives them.
  for (let axis = 0, next = 0, own = 0; axis < rank; axis++) {
    const isReduced = axes[next] === axis;
    shape.push(isReduced ? 1 : t.shape[own]!);
    strides.push(isReduced ? 0 : t.strides[own]!);
    if (isReduced) next++;
    else own++;
  }
  return seenAs(t, { shape, strides, offset: t.offset });
}
