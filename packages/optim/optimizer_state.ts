/** Checks and copies of optimizer states that are loaded. */
import { type Shape, Tensor, tidySync } from "@troodon/core";
import { sameShape, showShape } from "@troodon/core/kernel";
import type { ParameterState } from "./optimizer.ts";

/**
 * Checks that a group of a state has the options of the optimizer.
 *
 * @param own Options of the optimizer.
 * @param given Group of the state.
 * @throws {TypeError} If an option is missing or unknown, so that the state belongs to another optimizer.
 */
export function checkOptionNames(owner: string, own: object, given: object): void {
  const namesOf = (group: object): string =>
    Object.keys(group).filter((key) => key !== "params" && key !== "initialLr").sort().join(", ");
  const [wanted, current] = [namesOf(own), namesOf(given)];
  if (wanted === current) return;
  throw new TypeError(
    `Cannot load the state of ${owner} as each group must have the options ${wanted}: current ones are ${current}`,
  );
}

/**
 * Checks the state of one parameter.
 *
 * @param shape Shape of its tensors.
 * @throws {RangeError} If a tensor has another shape.
 * @throws {TypeError} If a tensor is a list.
 */
export function checkRemembered(owner: string, state: ParameterState, shape: Shape): void {
  for (const [name, value] of Object.entries(state)) {
    if (Array.isArray(value)) {
      throw new TypeError(
        `Cannot load the state of ${owner} as "${name}" must be a tensor or a number: ` +
          "it is a list, as JSON makes of a tensor",
      );
    }
    if (!(value instanceof Tensor) || sameShape(value.shape, shape)) continue;
    throw new RangeError(
      `Cannot load the state of ${owner} as "${name}" must have the shape of its parameter: ` +
        `current shapes are ${showShape(value.shape)} and ${showShape(shape)}`,
    );
  }
}

/** Copies `state` with new memory for its tensors, on the device and with the dtype of `parameter`. */
export function copyOf(state: ParameterState, { device, dtype }: Tensor): ParameterState {
  const copy = (value: Tensor): Tensor =>
    tidySync(() => value.detach().to({ device, dtype, copy: true })).adopt();
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, value instanceof Tensor ? copy(value) : value]),
  );
}

/** Releases the tensors in `state`. */
export function disposeState(state: ParameterState): void {
  for (const value of Object.values(state)) if (value instanceof Tensor) value.dispose();
}
