import type { AveragedParameters } from "@troodon/optim";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { FitObserver } from "../observer.ts";

/** Options of {@linkcode averaging}. */
export interface AveragingOptions {
  /** Leaves the averages in the model, in place of its last parameters, when the run is over; true by default. */
  readonly atEnd?: boolean;
}
const AVERAGING_OPTIONS: OptionKeys<AveragingOptions> = { atEnd: true };

/**
 * Updates averages of the parameters after each step, has them validated and saved in place of the parameters, and leaves
 * the model with them at the end. Their state belongs to that of the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, linspace, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { AveragedParameters, polynomial, SGD } from "@troodon/optim";
 * import { averaging, fit } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(1);
 * const x = linspace(-1, 1, 8).reshape([8, 1]);
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.5 });
 * const averages = new AveragedParameters([model.weight], { weight: polynomial(8) });
 * await fit(model, [[x, x.mul(3)]], { optimizer, loss: new MSELoss(), epochs: 5, observers: [averaging(averages)] });
 * assertEquals(model.weight.tolist(), averages.averages[0]!.tolist());
 * ```
 */
export function averaging(
  averages: AveragedParameters,
  options?: AveragingOptions,
): FitObserver {
  const { atEnd = true } = readOptions("averaging()", options, AVERAGING_OPTIONS);
  return {
    keep: [averages],
    quiet: true,
    onStep: () => averages.update(),
    onBeforeValidation: () => averages.applied(),
    onEnd: () => atEnd ? averages.copyTo() : undefined,
  };
}
