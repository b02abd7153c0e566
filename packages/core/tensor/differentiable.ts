/** Gradients, as methods. */
import { isFloating } from "../dtype.ts";
import { currentFlow } from "../flow.ts";
import { sameShape, showShape } from "../shape.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import type { BackwardOptions, GradHook, GradNode, PostAccumulateGradHook } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { TensorBase } from "./base.ts";
import { checkCall } from "./check_call.ts";
import { currentRecorder } from "./recorder.ts";
import { refuseSurplus } from "./refuse_surplus.ts";

/** The nodes of leaves that were told to need no gradient, for when they are told to again. */
const frozen = new WeakMap<TensorBase, GradNode>();

/** Numbers that identify leaves in the state of their storage. */
const tokens = new WeakMap<GradNode, number>();
let made = 0;

/** Records in the storage of `leaf` that it starts or stops requiring a gradient; a second call undoes the first. */
function toggle(leaf: TensorBase, node: GradNode): void {
  let token = tokens.get(node);
  // Hashed, so that combinations of several leaves differ.
  if (token === undefined) tokens.set(node, token = spread(++made));
  currentRecorder()?.toggling(leaf, token);
  leaf.storage.leafState ^= token;
}

function spread(n: number): number {
  const mixed = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return again ^ (again >>> 16);
}

const BACKWARD_OPTIONS: OptionKeys<BackwardOptions> = {
  gradient: true,
  retainGraph: true,
  createGraph: true,
};

/** A tensor that gradients flow to or through; see {@linkcode Tensor}. */
export abstract class DifferentiableTensor extends TensorBase {
  /** Whether gradients flow to or through it. */
  get requiresGrad(): boolean {
    return this.node !== null;
  }
  set requiresGrad(wanted: boolean) {
    this.requiresGrad_(wanted);
  }

  /** Whether calls on it are recorded: it requires a gradient, and this is not within `noGrad`. */
  get isRecorded(): boolean {
    return this.node !== null && currentFlow().recording;
  }

  /** Makes it a leaf that gradients are left in, or no longer one; returns this. */
  requiresGrad_(wanted?: boolean): this {
    checkCall("requiresGrad_", arguments, "B");
    wanted ??= true;
    if (wanted === this.requiresGrad) return this;
    if (!wanted) {
      if (!this.isLeaf) {
        throw new TypeError("Cannot set requiresGrad to false as the tensor is not a leaf: use detach()");
      }
      toggle(this, this.node!);
      frozen.set(this, this.node!);
      this.node = null;
      return this;
    }
    if (!isFloating(this.dtype)) {
      throw new TypeError(
        `Cannot require a gradient as the dtype must be floating: current dtype is ${this.dtype}`,
      );
    }
    const before = frozen.get(this) ?? null;
    if (before === null && this.device.tape === null) {
      throw new TypeError(
        "Cannot require a gradient as the device has no tape: make it with `new Device(backend, { tape })`, " +
          'the tape of "@troodon/autograd", or with chooseDevice() of "@troodon/troodon"',
      );
    }
    const node = before ?? this.device.tape!.leaf(this as unknown as Tensor);
    toggle(this, node);
    this.node = node;
    return this;
  }

  /**
   * Detached view of the tensor: of its shape and dtype, on its memory, outside the graph, so that in-place changes are
   * not recorded (`p.data.sub_(update)`); see {@linkcode TensorBase.detach}. Assigning a tensor replaces the values, as
   * {@linkcode DifferentiableTensor.setData}.
   */
  get data(): Tensor {
    return this.detach();
  }
  set data(source: Tensor) {
    this.setData(source);
  }

  /**
   * Makes this tensor a second handle on the memory of `source`, on whatever device that is, and of its dtype: as
   * `x.data = y` in PyTorch. Who refers to this tensor (modules, optimizers) sees the new values; what it shared before
   * stays as it is, and so does what a tape has saved of it.
   *
   * @throws {TypeError} If this is no leaf, or requires a gradient and the dtype of `source` is not floating.
   * @throws {RangeError} If the shapes differ.
   */
  setData(source: TensorBase): this {
    checkCall("setData", arguments, "x");
    const { node } = this;
    if (node !== null && !node.isLeaf) {
      throw new TypeError("Cannot apply setData() as the tensor must be a leaf: use detach()");
    }
    if (node !== null && !isFloating(source.dtype)) {
      throw new TypeError(
        `Cannot apply setData() as the data of a tensor that requires a gradient must be floating: current dtype is ${source.dtype}`,
      );
    }
    if (!sameShape(source.shape, this.shape)) {
      throw new RangeError(
        `Cannot apply setData() as shapes must be equal: current ones are ${showShape(this.shape)} and ${
          showShape(source.shape)
        }`,
      );
    }
    this.takeOver(source);
    return this;
  }

  /** Whether it was made by the user rather than by a recorded op. */
  get isLeaf(): boolean {
    return this.node === null || this.node.isLeaf;
  }

  /** Takes it out of the graph, as a leaf without a gradient; returns this. What was made of it before stays as it is. */
  detach_(): this {
    if (this.place !== null && this.place.standing !== "base") {
      throw new TypeError(
        "Cannot apply detach_() as the tensor is a view, whose base keeps its history: use detach()",
      );
    }
    this.node = null;
    this.outputNumber = 0;
    return this;
  }

  /** The op that made it, as PyTorch's `grad_fn`; null for a leaf. */
  get gradFn(): GradNode | null {
    return this.node !== null && !this.node.isLeaf ? this.node : null;
  }

  /**
   * Leaves the gradient of this tensor in the `grad` of every leaf it came from,
   * added to what is there. A tensor of more than one element needs the gradient
   * of itself to start from.
   */
  backward(options?: BackwardOptions | Tensor): void {
    if (this.node === null) {
      const made = currentFlow().recording
        ? "it was not calculated from a tensor that does, or was within noGrad() or behind detach(): " +
          "make what is learnt with { requiresGrad: true }"
        : "nothing is recorded within noGrad(): calculate it before, or in a block of enableGrad()";
      throw new TypeError(`Cannot call backward() as the tensor does not require a gradient: ${made}`);
    }
    const given = options instanceof TensorBase
      ? { gradient: options as Tensor }
      : readOptions("backward()", options, BACKWARD_OPTIONS);
    this.node.tape.backward(this as unknown as Tensor, given);
  }

  /** Calls `hook` with its gradient in every backward pass; what it returns takes the gradient's place. */
  registerHook(hook: GradHook): Disposable {
    checkCall("registerHook", arguments, "f");
    if (this.node === null) {
      throw new TypeError("Cannot register a hook as the tensor does not require a gradient");
    }
    return this.node.tape.hook(this as unknown as Tensor, hook);
  }

  /**
   * Calls `hook` with this leaf in every backward pass when its gradient is in `grad`: as soon as it is complete, so that
   * an optimizer of this leaf alone can step and free the gradient while the others are calculated.
   *
   * @throws {TypeError} If it is no leaf, or requires no gradient.
   */
  registerPostAccumulateGradHook(hook: PostAccumulateGradHook): Disposable {
    checkCall("registerPostAccumulateGradHook", arguments, "f");
    if (this.node === null || !this.node.isLeaf) {
      throw new TypeError(
        "Cannot register a hook for after accumulation as the tensor must be a leaf that requires a gradient: " +
          `current gradFn is ${this.gradFn?.name ?? "null"}`,
      );
    }
    return this.node.tape.hookAfterAccumulation(this as unknown as Tensor, hook);
  }

  /** Whether its gradient is left in `grad` though it is no leaf: after {@linkcode DifferentiableTensor.retainGrad}. */
  get retainsGrad(): boolean {
    return this.node !== null && this.node.tape.retainsGrad(this as unknown as Tensor);
  }

  /** Has its gradient left in `grad` though it is no leaf. */
  retainGrad(): void {
    if (this.node === null) {
      throw new TypeError("Cannot retain a gradient as the tensor does not require one");
    }
    this.node.tape.retainGrad(this as unknown as Tensor);
  }

  static {
    refuseSurplus(this);
  }
}
