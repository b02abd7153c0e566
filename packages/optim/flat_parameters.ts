/** Parameters, their gradients and what optimizers keep of them, side by side in memory. */
import { type Body, isFloating, type Shape, Tensor, tidySync } from "@troodon/core";
import {
  body,
  bytesOf,
  checkCall,
  checkSurplus,
  checkTensors,
  expr,
  FLAT_DATA,
  FLAT_GRAD,
  type FlatBuffer,
  FlatGroup,
  FlatLayout,
  flatPlace,
  sameShape,
  showShape,
  Updates,
} from "@troodon/core/kernel";

const COPY: Body = body(expr.input(0));
const ZERO: Body = body(expr.constant(0));

/** Parameters of one device and dtype that lie side by side in one buffer, in their order. */
export class FlatParameters implements Disposable {
  /** The parameters. */
  readonly parameters: readonly Tensor[];
  readonly #group: FlatGroup;
  #gaps: Tensor | null = null;

  /**
   * Made by {@linkcode flattenParameters}: brings parameters to one buffer, in which they are from then on. It is given
   * up when the last of them has left it, for the memory of another device or dtype or for good.
   */
  constructor(parameters: readonly Tensor[]) {
    checkSurplus(new.target.name, arguments, 1);
    this.parameters = parameters;
    const { device, dtype } = parameters[0]!;
    this.#group = new FlatGroup(device, dtype, parameters.map(({ shape }) => shape));
    const data = this.#group.buffer(FLAT_DATA)!, places = parameters.map((_, i) => data.take(i)!);
    {
      using copies = new Updates();
      parameters.forEach((parameter, i) => copies.add(COPY, [parameter], [], [places[i]!]));
    }
    parameters.forEach((parameter, i) => moveTo(parameter, places[i]!));
    data.whenLeft = () => this[Symbol.dispose]();
  }

  /**
   * All parameters as one tensor of one axis; between them there may be gaps, which hold zeros as this is read.
   *
   * @throws {ReferenceError} If the memory was given up, or a parameter lies elsewhere since.
   */
  get data(): Tensor {
    return this.#cleared(this.#inPlace("take the parameters"));
  }

  /**
   * All gradients as one tensor of one axis, as {@linkcode FlatParameters.data}: those that lie elsewhere are brought
   * there, and stay the `grad` of their parameters; there are zeros for parameters without one. The graph of a gradient
   * that is brought there stays with its old memory.
   *
   * @throws {RangeError} If somebody still holds an earlier gradient in the place of one that lies elsewhere, or a
   * gradient has another shape than its parameter.
   * @throws {ReferenceError} If the memory was given up, or a parameter lies elsewhere since.
   */
  gatherGradients(): Tensor {
    this.#inPlace("gather gradients");
    const gradients = this.#group.buffer(FLAT_GRAD)!,
      moves: (readonly [grad: Tensor | null, place: Tensor])[] = [];
    // Run by hand, as nothing is to be changed where there is an error.
    const updates = new Updates();
    try {
      for (const [i, { grad, shape }] of this.parameters.entries()) {
        if (grad !== null && isIn(gradients, i, grad)) continue;
        const place = gradients.take(i);
        if (place === null) {
          throw new RangeError(
            `Cannot gather gradients as an earlier one of parameter ${i} is still held: dispose of what refers to it`,
          );
        }
        moves.push([grad, place]);
        if (grad === null) updates.add(ZERO, [place]);
        else {
          checkShape(i, grad, shape);
          updates.add(COPY, [grad], [], [place]);
        }
      }
    } catch (error) {
      for (const [, place] of moves) place.dispose();
      throw error;
    }
    updates.run();
    for (const [grad, place] of moves) {
      if (grad === null) place.dispose();
      else {
        if (!grad.isLeaf) grad.node = null;
        moveTo(grad, place);
      }
    }
    return this.#cleared(gradients);
  }

  /** The buffer of the parameters, which must be there. */
  #inPlace(action: string): FlatBuffer {
    const data = this.#group.buffer(FLAT_DATA)!,
      away = this.parameters.findIndex((p, i) => !isIn(data, i, p));
    if (data.isOpen && away < 0) return data;
    throw new ReferenceError(
      `Cannot ${action} as one tensor as all parameters must lie in its memory: ` +
        (away < 0
          ? "it was given up"
          : `parameter ${away} lies elsewhere since, flatten the parameters again`),
    );
  }

  /** All of `buffer`, with zeros in the gaps: kernels that take elements in fours leave others there. */
  #cleared({ whole }: FlatBuffer): Tensor {
    const gaps = this.#gaps ??= tidySync(() =>
      whole.newTensor(Int32Array.from(this.#group.layout.gaps()), { dtype: "int32" })
    ).adopt();
    return whole.indexFill_(0, gaps, 0);
  }

  /** Gives the memory up: it is freed when the last parameter and gradient in it is. */
  [Symbol.dispose](): void {
    this.#gaps?.dispose();
    this.#group[Symbol.dispose]();
  }
}

/** True if `t` lies in place `index` of `buffer`. */
function isIn(buffer: FlatBuffer, index: number, t: Tensor): boolean {
  const place = t.isDisposed ? null : flatPlace(t);
  return place !== null && place.flat === buffer && place.index === index;
}

function checkShape(i: number, grad: Tensor, shape: Shape): void {
  if (sameShape(grad.shape, shape)) return;
  throw new RangeError(
    `Cannot gather gradients as that of parameter ${i} must have its shape: ` +
      `current shapes are ${showShape(grad.shape)} and ${showShape(shape)}`,
  );
}

/**
 * Lays parameters side by side in one buffer for each device and dtype, with room for their gradients beside it.
 * Optimizers then change all of them by one launch, and what goes to other machines or through a norm is one tensor.
 * The parameters stay the objects that they are, with their names and their `grad`. Optimizers do this by themselves
 * on devices where it pays, as on GPUs whose shaders see few buffers.
 *
 * @throws {TypeError} If one is not floating, or its memory is shared with another tensor, which would go on with the
 * old one.
 *
 * @example All gradients at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { flattenParameters } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const [a, b] = [[1, 2], [3]].map((values) => tensor(values, { device, requiresGrad: true }));
 * const [flat] = flattenParameters([a!, b!]);
 * a!.sum().add(b!.sum()).backward();
 * flat!.gatherGradients().mul_(5);
 * assertEquals([a!.grad!.tolist(), b!.grad!.tolist()], [[5, 5], [5]]);
 * ```
 */
export function flattenParameters(parameters: Iterable<Tensor>): FlatParameters[] {
  checkCall("flattenParameters", arguments, "i");
  const all = parameters instanceof Tensor ? [parameters] : [...new Set(parameters)];
  checkTensors("flattenParameters", all);
  for (const [i, p] of all.entries()) {
    if (isMovable(p)) continue;
    throw new TypeError(
      `Cannot flatten parameter ${i} of shape ${showShape(p.shape)} as ` +
        (isFloating(p.dtype)
          ? "its memory is shared with another tensor: dispose of that, or give the parameter a copy"
          : `its dtype must be floating: current dtype is ${p.dtype}`),
    );
  }
  return [...layOut(all, Infinity)];
}

/** The most bytes of parameters that optimizers bring to one buffer: for a moment there is room taken for them twice. */
const BUFFER_BYTES = 2 ** 26;

/** {@linkcode flattenParameters} of those that can be moved, and are neither large nor side by side already. */
export function flattenSmall(parameters: readonly Tensor[]): FlatParameters[] {
  const apart = parameters.filter((p) => isMovable(p) && !isLaid(p) && bytesOfAll([p]) <= BUFFER_BYTES);
  return [...layOut(apart, BUFFER_BYTES)];
}

/** Frees the memory beside `parameters` that nobody uses any more: of gradients, and of what optimizers kept. */
export function trimBeside(parameters: Iterable<Tensor>): void {
  const groups = new Set<FlatGroup>();
  for (const p of parameters) {
    const place = p.isDisposed ? null : flatPlace(p);
    if (place !== null) groups.add(place.flat.group);
  }
  for (const group of groups) group.trim();
}

/** True if `p` lies in a flat buffer that was not disposed of. */
function isLaid(p: Tensor): boolean {
  return flatPlace(p)?.flat.isOpen ?? false;
}

function* layOut(parameters: readonly Tensor[], most: number): Iterable<FlatParameters> {
  for (const [device, onDevice] of Map.groupBy(parameters, (p) => p.device)) {
    const limit = Math.min(most, device.backend.limits.bufferBytes);
    for (const alike of Map.groupBy(onDevice, (p) => p.dtype).values()) {
      let next: Tensor[] = [], bytes = 0;
      for (const p of alike) {
        const more = bytesOfAll([p]);
        if (next.length > 0 && bytes + more > limit) {
          yield new FlatParameters(next);
          next = [];
          bytes = 0;
        }
        next.push(p);
        bytes += more;
      }
      yield new FlatParameters(next);
    }
  }
}

/** Bytes of a buffer of tensors of one dtype. */
function bytesOfAll(tensors: readonly Tensor[]): number {
  const { dtype } = tensors[0]!, { size } = new FlatLayout(dtype, tensors.map(({ shape }) => shape));
  return size * bytesOf(dtype);
}

/** True if a tensor may move to other memory: it is floating, not empty, and nothing else refers to its storage. */
function isMovable(t: Tensor): boolean {
  return isFloating(t.dtype) && t.numel() > 0 && t.storage.references === 1;
}

/** Has `tensor` hold the memory of `place`, which is disposed of. */
function moveTo(tensor: Tensor, place: Tensor): Tensor {
  tensor.setData(place);
  place.dispose();
  return tensor;
}

/** A new tensor beside `parameter`, in the buffer called `name`; null if that is not side by side with others. */
export function besideParameter(parameter: Tensor, name: string): Tensor | null {
  const place = parameter.storage.lease === null ? null : flatPlace(parameter);
  return place?.flat.beside(name)?.take(place.index) ?? null;
}

/** Brings `kept`, which an optimizer has of `parameter`, to the place beside that, if there is one. */
export function moveBeside(parameter: Tensor, name: string, kept: Tensor): Tensor {
  if (parameter.storage.lease === null || kept.storage.lease !== null || !isMovable(kept)) return kept;
  const place = besideParameter(parameter, name);
  if (place === null) return kept;
  {
    using copy = new Updates();
    copy.add(COPY, [kept], [], [place]);
  }
  return moveTo(kept, place);
}
