/** Whether a state can be that of a run. */
import type { Tensor } from "@troodon/core";
import { sameShape, showShape } from "@troodon/core/kernel";
import type { TrainingParts } from "./state_keeper.ts";
import type { TrainingState } from "./training_state.ts";

/** Returns the name of a state for errors: its file, if it comes from one. */
export function showState({ file }: TrainingState): string {
  return file ?? "the state";
}

/**
 * Checks that `state` is of a run of `parts`, whose parameters and buffers are `own`.
 *
 * @throws {RangeError} If it is of another model, or of other parts.
 * @throws {TypeError} If its tensors have other dtypes.
 */
export function checkFits(
  state: TrainingState,
  { optimizer, scheduler, keep = [] }: TrainingParts,
  own: ReadonlyMap<string, Tensor>,
): void {
  const differing = [
    ...[...own.keys()].filter((name) => !state.tensors.has(name)),
    ...[...state.tensors.keys()].filter((name) => !/^(optimizer|keep)\./.test(name) && !own.has(name)),
  ];
  if (differing.length > 0) {
    throw new RangeError(
      `Cannot go on from ${showState(state)} as its tensors must be those of the model: ${
        differing.join(", ")
      } in one of them alone`,
    );
  }
  for (const [name, { shape, dtype }] of own) {
    const given = state.tensors.get(name)!;
    if (!sameShape(given.shape, shape)) {
      throw new RangeError(
        `Cannot go on from ${showState(state)} as ${name} must have the shape ${showShape(shape)}: ` +
          `current shape is ${showShape(given.shape)}`,
      );
    }
    // Earlier versions counted batches in int32.
    if (given.dtype !== dtype && !(given.dtype === "int32" && dtype === "int64")) {
      throw new TypeError(
        `Cannot go on from ${
          showState(state)
        } as ${name} must have the dtype ${dtype}: current dtype is ${given.dtype}`,
      );
    }
  }
  const parts = (name: string, scheduled: boolean, kept: number): string =>
    `${name}, ${scheduled ? "a" : "no"} scheduler, ${kept} in keep`;
  const wanted = parts(optimizer.name, scheduler !== undefined, keep.length);
  const given = parts(state.optimizer.name, state.scheduler !== null, state.keep.length);
  if (given !== wanted) {
    throw new RangeError(
      `Cannot go on from ${showState(state)} as it must be of ${wanted}: it is of ${given}`,
    );
  }
}
