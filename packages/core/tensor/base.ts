/** The handle: what a tensor is, apart from what can be done with it. */
import type { Device } from "../device.ts";
import type { LaunchView } from "../device_listener.ts";
import { type DType, isFloating } from "../dtype.ts";
import { isContiguous, type Layout } from "../layout.ts";
import { currentFlow } from "../flow.ts";
import type { Owner } from "../owner.ts";
import { sameShape, type Shape, showShape, sizeOf } from "../shape.ts";
import { type Storage, Version } from "../storage.ts";
import type { BackwardOptions, GradHook, GradNode, PostAccumulateGradHook } from "../tape.ts";
import type { Tensor } from "../tensor.ts";

/**
 * An n-dimensional array on a device: a strided view of a reference-counted
 * storage, and, where it takes part in differentiation, a node of a graph.
 * See {@linkcode Tensor}, which adds the operations.
 */
export abstract class TensorBase implements LaunchView, Disposable {
  /** Where it lives. */
  readonly device: Device;
  /** The type of its elements. */
  readonly dtype: DType;
  /** Its extents, outermost axis first. */
  readonly shape: Shape;
  /** Steps between neighbours along each axis, in elements. */
  readonly strides: readonly number[];
  /** Where its first element lies in the storage, in elements. */
  readonly offset: number;
  /** How it was made, or that it is a leaf; null if it needs no gradient. */
  node: GradNode | null = null;
  /** Which output of `node` it is. */
  outputNumber = 0;
  /** The gradient that {@linkcode TensorBase.backward} left here. */
  grad: Tensor | null = null;
  /** The owner that will free this tensor, the scope that it was made in by default; null if there is none. */
  scope: Owner | null;
  #storage: Storage | null;
  #version: Version | null;
  #frozen: GradNode | null = null;
  #disposedAt = "";

  /**
   * A handle on `storage`, whose reference it takes over.
   *
   * @param version That of what it is a view of; one of its own by default.
   * @param scope Who will free it; the scope in force by default.
   */
  constructor(
    device: Device,
    storage: Storage,
    layout: Layout,
    dtype: DType,
    version: Version | null = null,
    scope: Owner | null = currentFlow().scope,
  ) {
    this.device = device;
    this.#storage = storage;
    this.shape = layout.shape;
    this.strides = layout.strides;
    this.offset = layout.offset;
    this.dtype = dtype;
    this.#version = version;
    this.scope = scope;
    if (scope !== null) scope.track(this as unknown as Tensor);
    else storage.watch();
  }

  /** A plain tensor on this device, whatever subclass this one is of; see the constructor. */
  protected abstract make(
    storage: Storage,
    layout: Layout,
    dtype: DType,
    version?: Version | null,
    scope?: Owner | null,
  ): Tensor;

  /** Number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get numel(): number {
    return sizeOf(this.shape);
  }

  /** All extents, or that of one axis. */
  size(): Shape;
  /** The extent of one axis; negative ones count from the end. */
  size(dim: number): number;
  size(dim?: number): Shape | number {
    return dim === undefined ? this.shape : this.shape.at(dim)!;
  }

  /** Whether its elements follow one another in row-major order. */
  isContiguous(): boolean {
    return isContiguous(this);
  }

  /** The memory it is a view of; an error once it is disposed of. */
  get storage(): Storage {
    if (this.#storage === null) {
      throw new ReferenceError(
        `Cannot use a tensor of shape ${showShape(this.shape)} as it was disposed of` +
          (this.#disposedAt ? ` at:\n${this.#disposedAt}` : ", by dispose(), `using` or the end of a Scope"),
      );
    }
    return this.#storage;
  }

  /** The backend's memory. */
  get buffer(): object {
    return this.storage.buffer;
  }

  /** What counts the changes in place of this tensor and its views. */
  get version(): Version {
    // Most tensors are never asked.
    return this.#version ??= new Version();
  }

  // ---------------------------------------------------------------- lifetime

  /** Whether its memory was given back. */
  get isDisposed(): boolean {
    return this.#storage === null;
  }

  /** Gives its hold on the memory back; views and copies of it stay as they are. */
  dispose(): void {
    const storage = this.#storage;
    if (storage === null) return;
    if (this.device.traceDisposal) this.#disposedAt = new RangeError().stack ?? "";
    this.#storage = null;
    this.scope = null;
    // Last, as a listener may throw.
    storage.release();
  }

  /** Disposes of the tensor at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Leaves it to another scope, or to none, to free this. */
  moveTo(scope: Owner | null): void {
    this.scope = scope;
    if (scope !== null) scope.track(this as unknown as Tensor);
    else this.#storage?.watch();
  }

  /** Takes it out of every scope: for gradients, parameters and whatever else outlives a step. */
  adopt(): this {
    if (this.scope !== null) this.moveTo(null);
    return this;
  }

  /** A second handle on the same values and the same history, owned by `scope`: that in force by default. */
  alias(scope?: Owner | null): Tensor {
    const t = this.detach(scope);
    t.node = this.node;
    t.outputNumber = this.outputNumber;
    return t;
  }

  /** The same values without the history, owned by `scope`: that in force by default. */
  detach(scope?: Owner | null): Tensor {
    return this.make(this.storage.retain(), this, this.dtype, this.version, scope);
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
    const { storage, device, dtype, strides, offset, version } = source;
    if (!this.isLeaf) {
      throw new TypeError("Cannot apply setData() as the tensor must be a leaf: use detach()");
    }
    if (this.requiresGrad && !isFloating(dtype)) {
      throw new TypeError(
        `Cannot apply setData() as the data of a tensor that requires a gradient must be floating: current dtype is ${dtype}`,
      );
    }
    if (!sameShape(source.shape, this.shape)) {
      throw new RangeError(
        `Cannot apply setData() as shapes must be equal: current ones are ${showShape(this.shape)} and ${
          showShape(source.shape)
        }`,
      );
    }
    const old = this.storage;
    this.#storage = storage.retain();
    old.release();
    this.#version = version;
    if (this.scope === null) storage.watch();
    return Object.assign(this, { device, dtype, strides, offset });
  }

  // --------------------------------------------------------- differentiation

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
  requiresGrad_(wanted = true): this {
    if (wanted === this.requiresGrad) return this;
    if (!wanted) {
      if (!this.isLeaf) {
        throw new TypeError("Cannot set requiresGrad to false as the tensor is not a leaf: use detach()");
      }
      this.#frozen = this.node;
      this.node = null;
      return this;
    }
    if (!isFloating(this.dtype)) {
      throw new TypeError(
        `Cannot require a gradient as the dtype must be floating: current dtype is ${this.dtype}`,
      );
    }
    if (this.#frozen === null && this.device.tape === null) {
      throw new TypeError(
        "Cannot require a gradient as the device has no tape: make it with `new Device(backend, { tape })`, " +
          'the tape of "@troodon/autograd", or with chooseDevice() of "@troodon/troodon"',
      );
    }
    this.node = this.#frozen ?? this.device.tape!.leaf(this as unknown as Tensor);
    return this;
  }

  /** Whether it was made by the user rather than by a recorded op. */
  get isLeaf(): boolean {
    return this.node === null || this.node.isLeaf;
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
  backward(options: BackwardOptions | Tensor = {}): void {
    if (this.node === null) {
      throw new TypeError("Cannot call backward() as the tensor does not require a gradient");
    }
    const given = options instanceof TensorBase ? { gradient: options as Tensor } : options;
    this.node.tape.backward(this as unknown as Tensor, given);
  }

  /** Calls `hook` with its gradient in every backward pass; what it returns takes the gradient's place. */
  registerHook(hook: GradHook): Disposable {
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
    if (this.node === null || !this.node.isLeaf) {
      throw new TypeError(
        "Cannot register a hook for after accumulation as the tensor must be a leaf that requires a gradient: " +
          `current gradFn is ${this.gradFn?.name ?? "null"}`,
      );
    }
    return this.node.tape.hookAfterAccumulation(this as unknown as Tensor, hook);
  }

  /** Whether its gradient is left in `grad` though it is no leaf: after {@linkcode TensorBase.retainGrad}. */
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
}
