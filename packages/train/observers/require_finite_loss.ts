import type { FitObserver } from "../observer.ts";

/**
 * Ends training with a RangeError as soon as a logged loss, or that of an epoch, is NaN or infinite: before the model is
 * validated and saved.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { requireFiniteLoss } from "@troodon/train";
 *
 * const event = { step: 7, epoch: 1, loss: NaN, stop: () => {} };
 * assertThrows(() => requireFiniteLoss().onLog?.(event), RangeError, "after step 7 as the loss is NaN");
 * ```
 */
export function requireFiniteLoss(): FitObserver {
  const check = ({ step, loss }: { readonly step: number; readonly loss: number }): void => {
    if (Number.isFinite(loss)) return;
    throw new RangeError(
      `Cannot go on after step ${step} as the loss is ${loss}: a smaller learning rate may help`,
    );
  };
  return { onLog: check, onBeforeValidation: check };
}
