import { chosenDevice, type Device, setDefaultDevice } from "@troodon/core";
import { type DeviceLoss, lossBehind } from "./device_loss.ts";
import type { StateKeeper } from "./state_keeper.ts";
import type { TrainingPosition, TrainingState } from "./training_state.ts";

/** Between epochs, keeping the state takes at most this share of the time, */
const SHARE = 0.01;
/** and is not done before so many milliseconds have passed: less work than that is soon done again. */
const REST = 5000;

/** Where to go on when a device is lost. */
export type DeviceLossHandler = (loss: DeviceLoss) => Device | Promise<Device>;

/** Takes the state of a run, to a file for one. */
export type StateHandler = (state: TrainingState) => void | Promise<void>;

/** Who wants to have states. */
export interface LastStateOptions {
  readonly onDeviceLost?: DeviceLossHandler;
  readonly onState?: StateHandler;
}

/**
 * The last state of a run that is known to be good, where its device may be lost and somebody has another
 * one, or where somebody wants to have it; it keeps nothing otherwise.
 */
export class LastState {
  readonly #keeper: StateKeeper;
  readonly #onLoss: DeviceLossHandler | undefined;
  readonly #onState: StateHandler | undefined;
  #state: TrainingState | null = null;
  #due: number = performance.now() + REST;

  /** Keeps nothing yet. */
  constructor(keeper: StateKeeper, { onDeviceLost, onState }: LastStateOptions) {
    this.#keeper = keeper;
    this.#onLoss = onDeviceLost;
    this.#onState = onState;
  }

  /** Whether it is time to keep the state though the epoch goes on. */
  get due(): boolean {
    return (this.#needed || this.#onState !== undefined) && performance.now() >= this.#due;
  }

  /**
   * Keeps the state as it is now. What was kept before stays until all of it is there.
   *
   * @param shown Whether `onState` has it too.
   */
  async keep(position: TrainingPosition, shown = false): Promise<void> {
    const needed = this.#needed, onState = shown ? this.#onState : undefined;
    if (!needed) this.#state = null;
    if (!needed && onState === undefined) return;
    const begin = performance.now();
    const state = await this.#keeper.take(position);
    if (needed) this.#state = state;
    await onState?.(state);
    const end = performance.now();
    this.#due = end + Math.max(REST, (end - begin) / SHARE);
  }

  /**
   * Moves the run to another device after `error`, to go on from the state that this returns.
   *
   * @throws `error`, if it was no loss of the device; the loss, if nobody has another device or nothing was kept.
   */
  async recover(error: unknown, { step }: TrainingPosition): Promise<TrainingState> {
    const { device } = this.#keeper;
    const loss = await lossBehind(error, device);
    if (loss === null) throw error;
    const state = this.#state;
    if (this.#onLoss === undefined || state === null) throw loss.error;
    const other = await this.#onLoss({ ...loss, device, step, keptStep: state.position.step });
    if (other === device) throw loss.error;
    if (chosenDevice() === device) setDefaultDevice(other);
    this.#keeper.restore(state, other);
    return state;
  }

  get #needed(): boolean {
    return this.#onLoss !== undefined && this.#keeper.device.backend.lost !== undefined;
  }
}
