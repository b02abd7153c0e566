import type { LRScheduler } from "@troodon/optim";
import type { FitObserver } from "../observer.ts";

/**
 * Steps a learning-rate scheduler after each batch rather than after each epoch, as `OneCycleLR` needs it. Its state belongs
 * to that of the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD, StepLR } from "@troodon/optim";
 * import { fit, stepEachBatch } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 1 });
 * const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
 * const batch = [ones([4, 1]), ones([4, 1])] as const;
 * await fit(model, [batch, batch, batch], { optimizer, loss: new MSELoss(), observers: [stepEachBatch(scheduler)] });
 * assertEquals(scheduler.getLastLr(), [0.125]);
 * ```
 */
export function stepEachBatch(scheduler: LRScheduler): FitObserver {
  return { keep: [scheduler], quiet: true, onStep: () => scheduler.step() };
}
