import { setDefaultDevice } from "@troodon/core";
import { chosenDevice } from "@troodon/core/kernel";
import { lossBehind } from "./device_loss.ts";
import { divergence } from "./finite.ts";
import type { ObserverList } from "./observer_list.ts";
import type { StateKeeper } from "./state_keeper.ts";
import type { TrainingPosition, TrainingState } from "./training_state.ts";

/** Between epochs, keeping the state takes at most this share of the time, */
const SHARE = 0.01;
/** and is not done before so many milliseconds have passed: less work than that is soon done again. */
const REST = 5000;

/** Returns true if there is a multiple of `every` among the numbers above `before`, up to `now`. */
export function passes(before: number, now: number, every: number): boolean {
  return Math.floor(now / every) > Math.floor(before / every);
}

/** Options of {@linkcode LastState}. */
export interface LastStateOptions {
  /** Refuses states for observers that are not finite; true by default. */
  readonly requireFinite?: boolean;
  /** Batches between two states within an epoch; by time by default. */
  readonly stateEvery?: number;
}

/**
 * The last state of a run that is known to be good, where its device may be lost and an observer may have
 * another one, or where an observer receives states; it keeps nothing otherwise.
 */
export class LastState {
  readonly #keeper: StateKeeper;
  readonly #observers: ObserverList<never>;
  readonly #requireFinite: boolean;
  readonly #every: number | null;
  #state: TrainingState | null = null;
  #due: number = performance.now() + REST;

  /** Keeps nothing yet. */
  constructor(keeper: StateKeeper, observers: ObserverList<never>, options: LastStateOptions) {
    const { requireFinite = true, stateEvery = null } = options;
    this.#keeper = keeper;
    this.#observers = observers;
    this.#requireFinite = requireFinite;
    this.#every = stateEvery;
  }

  /**
   * Returns true if the state is to be kept after `batch` batches of an unfinished epoch; `before` is the number of
   * batches before the step.
   */
  isDue(before: number, batch: number): boolean {
    if (!this.#needed && !this.#observers.hears("onState")) return false;
    return this.#every === null ? performance.now() >= this.#due : passes(before, batch, this.#every);
  }

  /**
   * Keeps the state as it is now. What was kept before stays until all of it is there.
   *
   * @param shown Whether observers receive it, if it is finite.
   * @throws {RangeError} If it is not, where that is an error.
   */
  async keep(position: TrainingPosition, shown = false): Promise<void> {
    const needed = this.#needed, sent = shown && this.#observers.hears("onState");
    if (!needed) this.#state = null;
    if (!needed && !sent) return;
    const begin = performance.now();
    const state = await this.#keeper.take(position);
    if (needed) this.#state = state;
    const fault = sent ? this.#keeper.faultOf(state) : null;
    if (fault !== null && this.#requireFinite) throw divergence(position.step, fault);
    if (sent && fault === null) await this.#observers.onState({ state });
    const end = performance.now();
    this.#due = end + Math.max(REST, (end - begin) / SHARE);
  }

  /**
   * Moves the run to another device after `error`, to go on from the state that this returns.
   *
   * @throws `error`, if it was no loss of the device; the loss, if no observer has another device or nothing was kept.
   */
  async recover(error: unknown, { step }: TrainingPosition): Promise<TrainingState> {
    const { device } = this.#keeper;
    const loss = await lossBehind(error, device);
    if (loss === null) throw error;
    const state = this.#state;
    if (state === null) throw loss.error;
    const other = await this.#observers.onDeviceLost({
      ...loss,
      device,
      step,
      keptStep: state.position.step,
    });
    if (other === null || other === device) throw loss.error;
    if (chosenDevice() === device) setDefaultDevice(other);
    this.#keeper.restore(state, other);
    return state;
  }

  get #needed(): boolean {
    return this.#observers.hears("onDeviceLost") && this.#keeper.device.backend.lost !== undefined;
  }
}
