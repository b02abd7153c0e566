/** Numbers, steps and times of what is written for TensorBoard. */
import { Tensor } from "@troodon/core";

/** Numbers for a {@linkcode SummaryWriter}: a tensor, which is read, or an array. */
export type SummaryNumbers = Tensor | ArrayLike<number>;

/** Returns the time in seconds since 1970. */
export const now = (): number => Date.now() / 1000;

/** The numbers themselves, or a promise of them where a device must be waited for. */
export function readNow(of: SummaryNumbers): ArrayLike<number> | Promise<ArrayLike<number>> {
  if (!(of instanceof Tensor)) return of;
  return of.device.canReadSync ? of.dataSync() : of.dataAsync();
}

/** Throws a RangeError unless the step is an integer. */
export function checkStep(name: string, step: number): void {
  if (Number.isSafeInteger(step)) return;
  throw new RangeError(`Cannot apply ${name}() as the step must be an integer: current step is ${step}`);
}
