/** All that a run needs to go on where it was. */
import type { GeneratorState } from "@troodon/core";
import type { NdArray } from "@troodon/datasets";
import type { GroupOptions, OptimizerStateDict, SchedulerStateDict } from "@troodon/optim";
import type { LossMeterState } from "./loss_meter.ts";

/** How far a run is. */
export interface TrainingPosition {
  /** Steps done, in all epochs. */
  readonly step: number;
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  /** Whether these are all of them, and only what follows a pass is left of the epoch. */
  readonly passed: boolean;
  /** Samples of this epoch whose loss has been read. */
  readonly samples: number;
  /** The sum of their losses. */
  readonly sum: number;
  /** How long training took in this epoch. */
  readonly seconds: number;
}

/** What an optimizer remembers, its tensors apart: null stands for one of them. */
export interface OptimizerNumbers {
  /** Its name. */
  readonly name: string;
  /** Of each parameter, by its number. */
  readonly state: Readonly<Record<number, Readonly<Record<string, number | null>>>>;
  /** Options of each group, and the numbers of its parameters. */
  readonly paramGroups: OptimizerStateDict<GroupOptions>["paramGroups"];
}

/**
 * All that a run needs to go on where it was, on the host: JSON-able but for the tensors.
 * Made by {@linkcode fit}, kept in files by {@linkcode saveTrainingState}.
 */
export interface TrainingState {
  /** How far the run is. */
  readonly position: TrainingPosition;
  /** Parameters and buffers, and what the optimizer remembers of them: `model.fc1.weight`, `optimizer.0.expAvg`. */
  readonly tensors: ReadonlyMap<string, NdArray>;
  /** The optimizer. */
  readonly optimizer: OptimizerNumbers;
  /** The scheduler, if there is one. */
  readonly scheduler: SchedulerStateDict | null;
  /** Where the loader stands; null if it cannot say. */
  readonly batches: unknown;
  /** The default generator, that of the device, and those among `keep`. */
  readonly generators: readonly GeneratorState[];
  /** What else is kept. */
  readonly keep: readonly unknown[];
  /** Losses that were not read yet. */
  readonly meter: LossMeterState;
  /** What whoever saves the state adds to it, as JSON-able data. */
  readonly notes?: Readonly<Record<string, unknown>>;
  /** Name of the file that it was loaded from, for errors. */
  readonly file?: string;
}
