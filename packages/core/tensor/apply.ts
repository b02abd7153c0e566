/** How ops run. */
import { shapeThen, type SizesThen } from "../call_forms.ts";
import type { FusedCall } from "../backend/kernel_call.ts";
import { bytesOf, type DType, isDType } from "../dtype.ts";
import { takeReserved } from "../flat/reserved.ts";
import { currentFlow, type Frame } from "../flow.ts";
import { contiguousLayout } from "../layout.ts";
import { bytesOn } from "../limits.ts";
import type { CompositeOp, FusedOp, KernelOp, MutatingOp, Op, TensorSpec } from "../op.ts";
import { calledAs, indexedBy } from "../ops/base/called.ts";
import { accumulating, composed, hasHalf } from "../ops/base/accumulated.ts";
import { CLONE } from "../ops/base/cast.ts";
import { copyCall } from "../ops/base/copy_call.ts";
import type { Owner } from "../owner.ts";
import { currentRecorder } from "./recorder.ts";
import { tidySync } from "../scope.ts";
import { checkShape, type Shape } from "../shape.ts";
import { Storage } from "../storage.ts";
import type { Tape } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { DifferentiableTensor } from "./differentiable.ts";
import { checkTensors } from "./check_tensors.ts";
import { runOnHost } from "./host.ts";
import { checkTarget, inputsApart } from "./in_place.ts";
import { launch, launchNew } from "./launch.ts";
import { checkRecordable, placeResults, recordInBase } from "./view_family.ts";

/** A tensor that ops run on; see {@linkcode Tensor}. */
export abstract class OperandTensor extends DifferentiableTensor {
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
    // All that the call needs to know of its surroundings, read once.
    const flow = currentFlow();
    if (flow.listener !== null) flow.listener.starts?.(op as Op, this.device);
    this.#checkDevices(op, inputs);
    const tape = flow.recording && op.differentiable !== false ? tapeOf(inputs) : null;
    const specs = op.infer(inputs, params);
    // Kernels by themselves, as the rest would make this too long for the compiler to put together.
    if (op.kind !== "kernel") {
      const outputs = this.#runOther(op, params, inputs, specs, tape, flow);
      if (flow.listener !== null) flow.listener.heard({ op: op as Op, params, inputs, outputs });
      return outputs;
    }
    const call = op.kernel(inputs, specs, params), read = op.mutates ? inputs.slice(1) : inputs;
    const outputs = op.mutates ? [inputs[0]!.packedCopy(flow.scope)] : this.#allEmpty(specs, flow.scope);
    try {
      launchNew(this.device, call, read, outputs, op.arrange?.(inputs, params));
    } catch (error) {
      throw indexedBy(error, op.name);
    }
    if (tape !== null) {
      const rule = op.accumulates && hasHalf(inputs) ? accumulating(op as Op<P>) : op;
      tape.record({ op: rule as Op, params, inputs, outputs }, flow);
    }
    if (flow.listener !== null) flow.listener.heard({ op: op as Op, params, inputs, outputs });
    return outputs;
  }

  #runOther<P>(
    op: Exclude<Op<P>, KernelOp<P> | MutatingOp<P>>,
    params: P,
    inputs: readonly Tensor[],
    specs: readonly TensorSpec[],
    tape: Tape | null,
    flow: Frame,
  ): readonly Tensor[] {
    let outputs: readonly Tensor[], rule: Op<P> = op;
    switch (op.kind) {
      case "view": {
        const x = inputs[0]!;
        outputs = [x.viewed(op.view(x, params), flow)];
        break;
      }
      case "fused": {
        const call = op.kernel(inputs, specs, params);
        if (!flow.listener?.expands(op as Op) && this.#supports(call, inputs, specs)) {
          outputs = this.#allEmpty(specs, flow.scope);
          try {
            launchNew(this.device, call, inputs, outputs);
          } catch (error) {
            throw indexedBy(error, op.name);
          }
          break;
        }
        outputs = runComposite(op, params, inputs, specs, flow);
        if (!op.vjp) return outputs;
        placeResults(inputs, outputs, flow);
        if (hasHalf(inputs)) rule = accumulating(op);
        break;
      }
      case "composite":
        outputs = runComposite(op, params, inputs, specs, flow);
        if (!op.vjp) return outputs;
        placeResults(inputs, outputs, flow);
        if (hasHalf(inputs)) rule = accumulating(op);
        break;
      case "host":
        outputs = this.#allEmpty(specs, flow.scope);
        runOnHost(op, params, inputs, outputs);
        break;
    }
    if (tape !== null) tape.record({ op: rule as Op, params, inputs, outputs }, flow);
    return outputs;
  }

  /**
   * Runs an op whose result takes the place of this tensor's values. The
   * inputs may name this tensor; kernel "map" and ops that `mutates` only.
   */
  applyInto<P>(op: KernelOp<P> | MutatingOp<P>, params: P, ...inputs: Tensor[]): this {
    const self = this as unknown as Tensor, flow = currentFlow();
    if (flow.listener !== null) flow.listener.starts?.(op as Op, this.device);
    this.#checkDevices(op, [self, ...inputs]);
    const spec = op.infer(inputs, params)[0]!;
    checkTarget(op, spec, self);
    flow.listener?.overwrites?.({ op: op as Op, params, inputs, outputs: [self], inPlace: true });
    // What has no gradient, and leaves nothing of what was there, ends its history.
    const recorded = flow.recording && (op.differentiable !== false || op.flows?.(0) === false);
    const tape = recorded ? tapeOf(inputs) ?? (this.node ?? this.place?.family.node)?.tape ?? null : null;
    if (tape !== null) checkRecordable(op.name, self);
    const call = op.kernel(inputs, [spec], params), read = inputsApart(op, inputs, self, flow.scope);
    let given: readonly Tensor[] = inputs;
    try {
      if (tape !== null && inputs[0] === self && readsFirst(op, params, inputs)) {
        given = [this.#old(flow.scope), ...inputs.slice(1)];
      }
      try {
        launch(this.device, call, op.mutates ? read.slice(1) : read, [self]);
      } catch (error) {
        throw indexedBy(error, op.name);
      }
      this.version.count++;
      currentRecorder()?.changed(this.version, this.storage, tape !== null);
      if (tape !== null) {
        tape.record({ op: op as Op, params, inputs: given, outputs: [self], inPlace: true }, flow);
        recordInBase(self, flow);
      }
      flow.listener?.heard({ op: op as Op, params, inputs, outputs: [self], inPlace: true });
    } finally {
      if (given !== inputs) given[0]!.dispose();
      if (read !== inputs) read.forEach((t, i) => t === inputs[i] || t.dispose());
    }
    return this;
  }

  /** A copy that keeps values and history while this tensor is overwritten. */
  #old(scope: Owner | null): Tensor {
    const old = this.packedCopy(scope);
    old.node = this.node;
    old.outputNumber = this.outputNumber;
    return old;
  }

  #checkDevices(op: { readonly name: string }, inputs: readonly Tensor[]): void {
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i]?.device !== this.device) {
        checkTensors(op.name, inputs);
        throw new TypeError(
          `Cannot apply ${op.name}() as all tensors must be on one device: current devices are ` +
            `${this.device.name} and ${inputs[i]!.device.name}: move one by to()`,
        );
      }
    }
  }

  #allEmpty(specs: readonly TensorSpec[], scope: Owner | null): readonly Tensor[] {
    // Not by map(): compiled code gives other arrays than the interpreter, and whoever reads them is compiled anew.
    const made = [this.#empty(specs[0]!.shape, specs[0]!.dtype, scope)];
    if (specs.length > 1) this.#moreEmpty(specs, made, scope);
    return made;
  }

  /** Adds the outputs after the first one to `made`, or frees those that there are if there is no room for another. */
  #moreEmpty(specs: readonly TensorSpec[], made: Tensor[], scope: Owner | null): void {
    try {
      for (let i = 1; i < specs.length; i++) made.push(this.#empty(specs[i]!.shape, specs[i]!.dtype, scope));
    } catch (error) {
      for (const y of made) y.dispose();
      throw error;
    }
  }

  #empty(shape: Shape, dtype: DType, scope: Owner | null): Tensor {
    const bytes = bytesOn(this.device, shape, dtype), lease = takeReserved(this.device, dtype, bytes);
    const storage = new Storage(this.device, bytes, lease);
    return this.make(storage, contiguousLayout(shape, storage.start / bytesOf(dtype)), dtype, null, scope);
  }

  /** A tensor of this device with undefined contents; of this tensor's dtype unless given. */
  newEmpty(shape: Shape, dtype?: DType): Tensor;
  /** A tensor of this device with undefined contents of a shape given size by size; its dtype may follow. */
  newEmpty(...sizes: SizesThen<DType>): Tensor;
  newEmpty(...given: readonly unknown[]): Tensor {
    const [shape, dtype = this.dtype] = shapeThen<DType>("newEmpty", given, isDType);
    checkShape("newEmpty", shape);
    return this.#empty(shape, dtype, currentFlow().scope);
  }

  #supports(call: FusedCall, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): boolean {
    const views = (specs: readonly TensorSpec[]) =>
      specs.map(({ shape, dtype }) => ({ ...contiguousLayout(shape), dtype }));
    return this.device.backend.supports(call, views(inputs), views(outputs));
  }

  /** A contiguous copy with memory of its own that no tape hears of, owned by `scope`: that in force by default. */
  packedCopy(scope: Owner | null = currentFlow().scope): Tensor {
    const { listener } = currentFlow();
    if (listener !== null) listener.starts?.(CLONE as Op, this.device);
    const self = this as unknown as Tensor, copy = this.#empty(this.shape, this.dtype, scope);
    launchNew(this.device, copyCall(this), [self], [copy]);
    listener?.heard({ op: CLONE as Op, params: null, inputs: [self], outputs: [copy] });
    return copy;
  }
}

function tapeOf(inputs: readonly Tensor[]): Tape | null {
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i]!;
    // By fields, as most have neither: their accessor would take a tenth of the time of a small op.
    if (x.ownNode === null && x.place === null) continue;
    const { node } = x;
    if (node !== null) return node.tape;
  }
  return null;
}

/** Whether the gradient of a call reads its first input. */
function readsFirst<P>(op: Op<P>, params: P, inputs: readonly Tensor[]): boolean {
  const wants = { needs: (i: number) => inputs[i]!.node !== null };
  return op.saves?.(params, wants).inputs?.includes(0) ?? false;
}

/**
 * The outputs by other ops, without what is made on the way; of 16 bits by the op itself in float32. A tape hears of these ops only if the call has no rule of
 * its own: otherwise the call itself is what it records.
 */
function runComposite<P>(
  op: FusedOp<P> | CompositeOp<P>,
  params: P,
  inputs: readonly Tensor[],
  specs: readonly TensorSpec[],
  flow: Frame,
): readonly Tensor[] {
  try {
    return tidySync(() => composed(op, params, inputs, specs), op.vjp ? false : flow.recording);
  } catch (error) {
    throw calledAs(error, op.name, inputs);
  }
}
