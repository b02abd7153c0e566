/** Parameters, their gradients and what optimizers keep of them, side by side in memory. */
import {
  type Body,
  body,
  bytesOf,
  expr,
  FLAT_DATA,
  FLAT_GRAD,
  FlatGroup,
  FlatLayout,
  flatPlace,
  isFloating,
  showShape,
  type Tensor,
  Updates,
} from "@troodon/core";

const COPY: Body = body(expr.input(0));
const ZERO: Body = body(expr.constant(0));

/** Parameters of one device and dtype that lie side by side in one buffer, in their order. */
export class FlatParameters implements Disposable {
  /** The parameters. */
  readonly parameters: readonly Tensor[];
  readonly #group: FlatGroup;

  /** Made by {@linkcode flattenParameters}: brings parameters to one buffer, in which they are from then on. */
  constructor(parameters: readonly Tensor[]) {
    this.parameters = parameters;
    const { device, dtype } = parameters[0]!;
    this.#group = new FlatGroup(device, dtype, parameters.map(({ shape }) => shape));
    const places = parameters.map((_, i) => this.#group.buffer(FLAT_DATA)!.take(i)!);
    {
      using copies = new Updates();
      parameters.forEach((parameter, i) => copies.add(COPY, [parameter], [], [places[i]!]));
    }
    parameters.forEach((parameter, i) => moveTo(parameter, places[i]!));
  }

  /** All parameters as one tensor of one axis; between them there may be gaps, whose elements mean nothing. */
  get data(): Tensor {
    return this.#group.buffer(FLAT_DATA)!.whole;
  }

  /**
   * All gradients as one tensor of one axis, as {@linkcode FlatParameters.data}: those that lie elsewhere are brought
   * there, and stay the `grad` of their parameters; there are zeros for parameters without one.
   *
   * @throws {RangeError} If somebody still holds an earlier gradient in the place of one that lies elsewhere.
   */
  gatherGradients(): Tensor {
    const gradients = this.#group.buffer(FLAT_GRAD)!,
      moves: (readonly [grad: Tensor | null, place: Tensor])[] = [];
    {
      using updates = new Updates();
      for (const [i, { grad }] of this.parameters.entries()) {
        if (grad !== null && flatPlace(grad)?.flat === gradients && flatPlace(grad)!.index === i) continue;
        const place = gradients.take(i);
        if (place === null) {
          for (const [, taken] of moves) taken.dispose();
          throw new RangeError(
            `Cannot gather gradients as an earlier one of parameter ${i} is still held: dispose of what refers to it`,
          );
        }
        moves.push([grad, place]);
      }
      for (const [grad, place] of moves) {
        if (grad === null) updates.add(ZERO, [place]);
        else updates.add(COPY, [grad], [], [place]);
      }
    }
    for (const [grad, place] of moves) {
      if (grad === null) place.dispose();
      else moveTo(grad, place);
    }
    return gradients.whole;
  }

  /** Gives the memory up: it is freed when the last parameter and gradient in it is. */
  [Symbol.dispose](): void {
    this.#group[Symbol.dispose]();
  }
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
  const all = [...new Set(parameters)];
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
export function flattenSmall(parameters: readonly Tensor[]): Iterable<FlatParameters> {
  const apart = parameters.filter((p) =>
    isMovable(p) && p.storage.lease === null && bytesOfAll([p]) <= BUFFER_BYTES
  );
  return layOut(apart, BUFFER_BYTES);
}

function* layOut(parameters: readonly Tensor[], most: number): Iterable<FlatParameters> {
  for (const [device, onDevice] of Map.groupBy(parameters, (p) => p.device)) {
    const limit = Math.min(most, device.backend.limits.bufferBytes);
    for (const alike of Map.groupBy(onDevice, (p) => p.dtype).values()) {
      let next: Tensor[] = [];
      for (const p of alike) {
        if (next.length > 0 && bytesOfAll([...next, p]) > limit) {
          yield new FlatParameters(next);
          next = [];
        }
        next.push(p);
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

/** Whether a tensor may lie elsewhere without anybody else being left with the old memory. */
function isMovable({ dtype, numel, storage }: Tensor): boolean {
  return isFloating(dtype) && numel > 0 && storage.references === 1;
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
