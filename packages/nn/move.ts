/** Modules on other devices and of other dtypes. */
import { noGrad } from "@troodon/autograd";
import {
  type Destination,
  type DType,
  isFloating,
  type Tensor,
  type ToOptions,
  type ToTarget,
} from "@troodon/core";
import { destinationOf } from "@troodon/core/kernel";
import type { ModuleTree } from "./module_tree.ts";

/** A tensor of a module, or its gradient, and what is to take the place of its memory. */
interface Move {
  readonly tensor: Tensor;
  readonly data: Tensor;
}

/** Does what `Module.to` says. */
export function moveModule(module: ModuleTree, target: ToTarget, options?: DType | ToOptions): void {
  using _ = noGrad();
  const moves: Move[] = [];
  try {
    for (const [tensor, place] of placesOf(module, target, options)) {
      moves.push({ tensor, data: tensor.to(place) });
    }
  } catch (error) {
    for (const { data } of moves) data.dispose();
    throw error;
  }
  settle(moves);
}

/** Does what `Module.toAsync` says. */
export async function moveModuleAsync(
  module: ModuleTree,
  target: ToTarget,
  options?: DType | ToOptions,
): Promise<void> {
  const moves = await noGrad(() =>
    Promise.allSettled(
      placesOf(module, target, options).map(async ([tensor, place]): Promise<Move> => ({
        tensor,
        data: (await tensor.toAsync(place)).adopt(),
      })),
    )
  );
  const done = moves.flatMap((move) => move.status === "fulfilled" ? [move.value] : []);
  const failed = moves.find((move) => move.status === "rejected");
  if (failed !== undefined) {
    for (const { data } of done) data.dispose();
    throw failed.reason;
  }
  settle(done);
}

/** The distinct tensors of a module to move, each with its gradient. */
function placesOf(
  module: ModuleTree,
  target: ToTarget,
  options?: DType | ToOptions,
): (readonly [tensor: Tensor, place: Destination])[] {
  const places = new Map<Tensor, Destination>();
  const add = (tensor: Tensor): void => {
    const { device, dtype } = destinationOf(tensor, target, options), floating = isFloating(tensor.dtype);
    if (floating && !isFloating(dtype)) {
      throw new TypeError(
        `Cannot apply to() of ${module.constructor.name} as the dtype must be floating: current dtype is ${dtype}`,
      );
    }
    // Counters go on counting in their dtype.
    const place = { device, dtype: floating ? dtype : tensor.dtype, copy: false };
    if (place.device !== tensor.device || place.dtype !== tensor.dtype) places.set(tensor, place);
    if (tensor.grad !== null) add(tensor.grad);
  };
  for (const parameter of module.parameters()) add(parameter);
  for (const [, buffer] of module.namedBuffers()) add(buffer);
  return [...places];
}

/** Gives tensors their new memory. */
function settle(moves: readonly Move[]): void {
  using _ = noGrad();
  for (const { tensor, data } of moves) {
    // A gradient that was made with `createGraph` has a history, which stays with its old memory.
    if (!tensor.isLeaf) tensor.node = null;
    tensor.setData(data);
    data.dispose();
  }
}
