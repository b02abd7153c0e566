/** The end of a run that no longer improves: --early-stop. */
import { EarlyStopping, type FitObserver } from "@troodon/troodon";
import { type CheckpointFlags, SCORES } from "../run/checkpoint.ts";

/** Ends a run after `patience` epochs in which the monitored score has not improved; never without a patience. */
export class EarlyStop {
  /** Observers for the run. */
  readonly observers: readonly FitObserver[];
  readonly #stopping: EarlyStopping | null;
  readonly #patience: number;

  /** Watches the score that `monitor` names. */
  constructor(patience: number | undefined, { monitor }: Pick<CheckpointFlags, "monitor">) {
    const mode = monitor === "accuracy" ? "max" as const : "min" as const;
    this.#patience = patience ?? Infinity;
    this.#stopping = patience === undefined
      ? null
      : new EarlyStopping(({ scores }) => scores[SCORES[monitor]], { mode, patience });
    this.observers = this.#stopping === null ? [] : [
      this.#stopping,
      // A run that had ended so stays ended where it is resumed.
      { onStart: ({ stop }) => this.isOver ? stop() : undefined },
    ];
  }

  /** True once the score has not improved for long enough. */
  get isOver(): boolean {
    return this.#stopping !== null && this.#stopping.stateDict().waited >= this.#patience;
  }
}
