/** Schedulers as text. */
import { showNumber, showValue, stateName } from "@troodon/core/kernel";

/** A scheduler as its text sees it. */
interface Shown {
  /** Steps done. */
  readonly lastEpoch: number;
  /** The learning rate of each group now. */
  getLastLr(): number[];
}

/** Fields that the text shows last, or leaves out. */
const APART: ReadonlySet<string> = new Set(["isNew", "baseLrs", "lastEpoch"]);

/** The class of a scheduler, its fields that are numbers or words, the steps done, and the learning rate of each group. */
export function showScheduler(scheduler: Shown): string {
  const fields = Object.entries(scheduler).flatMap(([name, value]) =>
    APART.has(name) || !["number", "string", "boolean"].includes(typeof value)
      ? []
      : [`${stateName(name)}=${showValue(value)}`]
  );
  const rates = scheduler.getLastLr().map(showNumber).join(", ");
  const all = [...fields, `last_epoch=${scheduler.lastEpoch}`, `last_lr=[${rates}]`];
  return `${scheduler.constructor.name}(${all.join(", ")})`;
}
