/** The handle: what a tensor is, apart from what can be done with it. */
import type { Device } from "../device.ts";
import type { LaunchView } from "../device_listener.ts";
import { bytesOf, type DType } from "../dtype.ts";
import { currentFlow, type Frame } from "../flow.ts";
import { isContiguous, type Layout } from "../layout.ts";
import type { Owner } from "../owner.ts";
import { normalizeAxis, type Shape, showShape, sizeOf } from "../shape.ts";
import { currentRecorder } from "./recorder.ts";
import { type Storage, Version } from "../storage.ts";
import type { GradNode } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { lookAgain, type Place, ViewFamily, ViewPlace } from "./view_family.ts";

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
  /** Steps between neighbors along each axis, in elements. */
  readonly strides: readonly number[];
  /** Where its first element lies in the buffer, in elements; see {@linkcode TensorBase.storageOffset}. */
  readonly offset: number;
  /** The owner that will free this tensor, the scope that it was made in by default; null if there is none. */
  scope: Owner | null;
  /** The role of this tensor in its view family; null as long as no view shares its elements. */
  place: Place | null = null;
  /** The node stored on this handle, for internal fast paths: {@linkcode TensorBase.node} also accounts for writes through views. */
  ownNode: GradNode | null = null;
  #outputNumber = 0;
  #storage: Storage | null;
  #version: Version | null;
  #disposedAt = "";
  #grad: Tensor | null = null;

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

  /** The number of axes, as {@linkcode TensorBase.ndim}. */
  dim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  numel(): number {
    return sizeOf(this.shape);
  }

  /** All extents, or that of one axis. */
  size(): Shape;
  /** The extent of one axis; negative ones count from the end. */
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    if (this.shape.length === 0) {
      throw new RangeError("Cannot apply size() as there must be an axis: current shape is []");
    }
    return this.shape[normalizeAxis("size", dim, this.shape.length)]!;
  }

  /** Where its first element lies in its memory, in elements: the place that `asStrided()` begins at by default. */
  storageOffset(): number {
    return this.offset - this.storage.start / bytesOf(this.dtype);
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
          (this.#disposedAt || ", by dispose(), `using` or the end of a Scope"),
      );
    }
    return this.#storage;
  }

  /** The backend's memory. */
  get buffer(): object {
    return this.storage.buffer;
  }

  /** The end of its memory in the buffer, in bytes; undefined where the two end together. */
  get end(): number | undefined {
    const { storage } = this;
    return storage.lease === null ? undefined : storage.lease.start + storage.bytes;
  }

  /** The version counter of in-place changes, shared by this tensor and its views. */
  get version(): Version {
    // Most tensors are never asked.
    return this.#version ??= new Version();
  }

  /** The gradient that {@linkcode DifferentiableTensor.backward} left here. */
  get grad(): Tensor | null {
    currentRecorder()?.askedForGrad(this, this.#grad);
    return this.#grad;
  }
  set grad(grad: Tensor | null) {
    currentRecorder()?.gaveGrad(this, grad, this.#grad);
    this.#grad = grad;
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
    if (this.device.traceDisposal) this.#disposedAt = ` at:\n${new RangeError().stack ?? ""}`;
    this.#storage = null;
    this.scope = null;
    // Last, as a listener may throw.
    storage.release();
  }

  /** Disposes of the tensor; later uses throw an error in which `reason` follows "as it was disposed of". */
  retire(reason: string): void {
    if (this.#storage === null) return;
    this.dispose();
    this.#disposedAt = reason;
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
    const place = placed(this), t = this.detach(scope);
    t.place = place.standing === "base"
      ? place
      : new ViewPlace(place.family, place.standing, place.generation);
    t.ownNode = this.ownNode;
    t.#outputNumber = this.#outputNumber;
    return t;
  }

  /** A second handle on the values with the current graph node, unaffected by later in-place changes of history: used for saved tensors. */
  snapshot(scope?: Owner | null): Tensor {
    const t = this.detach(scope);
    t.ownNode = this.node;
    t.#outputNumber = this.outputNumber;
    return t;
  }

  /** The same values without the history, owned by `scope`: that in force by default. */
  detach(scope?: Owner | null): Tensor {
    return this.make(this.storage.retain(), this, this.dtype, this.version, scope);
  }

  /** A view of this tensor, which shares its history. */
  viewed(layout: Layout, { recording, scope }: Frame): Tensor {
    const { family, standing } = placed(this);
    const t = this.make(this.storage.retain(), layout, this.dtype, this.version, scope);
    t.place = new ViewPlace(family, !recording ? "unrecorded" : standing === "base" ? "view" : standing);
    return t;
  }

  /** Holds the memory of `source`, wherever that is, in place of its own. */
  protected takeOver(source: TensorBase): void {
    currentRecorder()?.moving(this, source);
    const { storage, device, dtype, strides, offset, version } = source;
    const old = this.storage, { node } = this;
    this.place = null;
    this.ownNode = node;
    this.#storage = storage.retain();
    old.handleChanges++;
    old.release();
    this.#version = version;
    if (this.scope === null) storage.watch();
    Object.assign(this, { device, dtype, strides, offset });
  }

  // ------------------------------------------------------------------ history

  /** The graph node that produced this tensor, or the accumulator of a leaf; null if it needs no gradient. */
  get node(): GradNode | null {
    return this.place === null ? this.ownNode : nodeAt(this, this.place);
  }
  set node(node: GradNode | null) {
    const { place } = this;
    if (place !== null && place.standing === "base") place.family.node = node;
    else {
      this.ownNode = node;
      if (place !== null) place.generation = place.family.generation;
    }
  }

  /** Which output of `node` it is. */
  get outputNumber(): number {
    const { place } = this;
    return place !== null && place.standing === "base" ? place.family.outputNumber : this.#outputNumber;
  }
  set outputNumber(number: number) {
    const { place } = this;
    if (place !== null && place.standing === "base") place.family.outputNumber = number;
    else this.#outputNumber = number;
  }
}

// Functions, as private methods would cost each tensor a field.

function nodeAt(t: TensorBase, place: Place): GradNode | null {
  if (place.standing === "base") return place.family.node;
  // Gradients stay in a view that was made a leaf.
  if (place.generation !== place.family.generation && !t.ownNode?.isLeaf) lookAgain(t, place);
  return t.ownNode;
}

/** The place of a tensor, in a family that it begins if need be. */
function placed(t: TensorBase): Place {
  if (t.place === null) {
    t.place = new ViewFamily(t, t.ownNode, t.outputNumber);
    t.ownNode = null;
  }
  return t.place;
}
