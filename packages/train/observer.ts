/** Events of a training run, and the interface of objects that observe one. */
import type { Device, Generator, Tensor } from "@troodon/core";
import type { Module } from "@troodon/nn";
import type { GroupOptions, Optimizer } from "@troodon/optim";
import type { DeviceLoss } from "./device_loss.ts";
import type { Stateful } from "./state_keeper.ts";
import type { TrainingState } from "./training_state.ts";

/** Validation scores by name. */
export type Scores = Readonly<Record<string, number>>;

/** Properties that all events of a running loop share. */
export interface FitEvent {
  /** Steps done so far, in all epochs. */
  readonly step: number;
  /** The epoch, from 1. */
  readonly epoch: number;
  /**
   * Ends training early: after the step in which it is called, without validation, or after the epoch where it is called
   * between epochs. Observers still receive the state and the end.
   */
  stop(): void;
}

/** The beginning of a run, before its first step. */
export interface StartEvent extends FitEvent {
  /** The network that is trained. */
  readonly model: Module;
  /** Changes the parameters; its groups hold the learning rates. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** Epochs of the run. */
  readonly epochs: number;
}

/** A batch that is about to be processed. */
export interface BatchEvent<B = unknown> extends FitEvent {
  /** Batches done in this epoch. */
  readonly batch: number;
  /** The batch itself. */
  readonly data: B;
}

/** A step whose gradients have been calculated and whose parameters have not changed yet. */
export interface BeforeStepEvent extends FitEvent {
  /** The loss of the batch: reading it waits for the device. Freed after the step. */
  readonly loss: Tensor;
  /** Samples in the batch. */
  readonly samples: number;
}

/** A step that has been done. */
export interface StepEvent extends BeforeStepEvent {
  /** Batches done in this epoch. */
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** True if the step was skipped because float16 gradients were not finite. */
  readonly isSkipped?: boolean;
}

/** The mean loss over the last batches. */
export interface LogEvent extends FitEvent {
  /** The mean loss of a sample since the previous event of this epoch. */
  readonly loss: number;
}

/** A pass over the data that has ended, before the model is validated. */
export interface PassEvent extends FitEvent {
  /** Epochs of the run. */
  readonly epochs: number;
  /** The duration of the pass, without the time that observers of `onLog` took. */
  readonly seconds: number;
  /** The mean loss of a sample in this epoch. */
  readonly loss: number;
  /** Samples of the epoch. */
  readonly samples: number;
}

/** A validation that has been done, with the weights that were scored still in place. */
export interface ValidationEvent extends PassEvent {
  /** The network that was scored. */
  readonly model: Module;
  /** The scores that the option `validate` returned; empty without it. */
  readonly scores: Scores;
}

/** An epoch that has ended, validation included. */
export interface EpochEvent extends PassEvent {
  /** The scores that the option `validate` returned; empty without it. */
  readonly scores: Scores;
}

/** A state from which the run can continue. */
export interface StateEvent {
  /** The state, on the host; see {@linkcode saveTrainingState}. */
  readonly state: TrainingState;
}

/** The end of a run. */
export interface EndEvent {
  /** Steps done, in all epochs. */
  readonly step: number;
  /** The network that was trained. */
  readonly model: Module;
  /** True if an observer stopped the run. */
  readonly stopped: boolean;
}

/**
 * Receives the events of {@linkcode fit}. All methods are optional. For each event the observers are called one after the
 * other, in the order of the option `observers`; where a promise may be returned, `fit` waits for it before it continues.
 * An error that a method throws ends training. Each event of the loop has a method `stop()`, which ends training early.
 *
 * @example Clipping gradients, and stopping as soon as the loss is low
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, linspace, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { clipGradNorm, Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, type FitObserver } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * manualSeed(1);
 * const x = linspace(-1, 1, 32).reshape([32, 1]);
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.5 });
 * let last = 0;
 * const observer: FitObserver = {
 *   onBeforeStep: () => void clipGradNorm(model.parameters(), 1),
 *   onEpoch({ epoch, loss, stop }) {
 *     last = epoch;
 *     if (loss < 1e-4) stop();
 *   },
 * };
 * await fit(model, [[x, x.mul(3).add(1)]], { optimizer, loss: new MSELoss(), epochs: 100, observers: [observer] });
 * assert(last < 100);
 * ```
 */
export interface FitObserver<B = unknown> {
  /** Objects of the observer whose state belongs to the state of the run, as in the option `keep` of {@linkcode fit}. */
  readonly keep?: readonly (Stateful | Generator)[];
  /**
   * True if `onBatch` and `onStep` never print. {@linkcode fit} shows no progress by default if an observer with one of
   * these methods may print, as the view would overwrite the output.
   */
  readonly quiet?: boolean;
  /** Called once, before the first step. */
  onStart?(event: StartEvent): void | Promise<void>;
  /** Called before each batch. */
  onBatch?(event: BatchEvent<B>): void;
  /** Called after the backward pass and before the optimizer: the place to clip gradients. */
  onBeforeStep?(event: BeforeStepEvent): void;
  /** Called after each step; again for steps that are repeated after the device was lost. */
  onStep?(event: StepEvent): void;
  /** Called after each `logEvery` batches of an epoch; never twice for a step. */
  onLog?(event: LogEvent): void | Promise<void>;
  /** Called after each pass; what it returns is disposed of after `onValidation`: the place to exchange weights. */
  onBeforeValidation?(event: PassEvent): Disposable | null | void;
  /** Called after each validation, while the weights that were scored are in place: the place to save the model. */
  onValidation?(event: ValidationEvent): void | Promise<void>;
  /** Called after each epoch; again if the device is lost before all observers have returned. */
  onEpoch?(event: EpochEvent): void | Promise<void>;
  /**
   * Called with a state from which the run can continue: after each epoch, after a stop, and within an epoch as often as the
   * option `stateEvery` says.
   */
  onState?(event: StateEvent): void | Promise<void>;
  /** Called when the run is over; not where an error ended it. */
  onEnd?(event: EndEvent): void | Promise<void>;
  /**
   * Called when the device is lost; may return the device to continue on. The first one that is returned is taken. Where no
   * observer returns one, the loss ends training. See {@linkcode continueOn}.
   */
  onDeviceLost?(loss: DeviceLoss): Device | void | Promise<Device | void>;
}
