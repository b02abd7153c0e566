import { tidySync } from "@troodon/core";
import type { Module } from "@troodon/nn";
import { type Batch, type Batches, inputAndTarget } from "./batch.ts";
import type { FitOptions } from "./fit.ts";
import { LastState } from "./last_state.ts";
import { LossMeter } from "./loss_meter.ts";
import { StateKeeper } from "./state_keeper.ts";
import type { TrainingPosition, TrainingState } from "./training_state.ts";

/** Where epochs begin. */
const UNTOUCHED = { batch: 0, passed: false, samples: 0, sum: 0, seconds: 0 } as const;

/** A run of {@linkcode fit}: it can begin anywhere, and so go on where it was. */
export class TrainingLoop implements Disposable {
  readonly #model: Module;
  readonly #batches: Batches;
  readonly #options: FitOptions;
  readonly #meter = new LossMeter();
  readonly #keeper: StateKeeper;
  readonly #last: LastState;
  #at: { -readonly [K in keyof TrainingPosition]: TrainingPosition[K] } = { epoch: 1, step: 0, ...UNTOUCHED };
  /** The state from the midst of a pass from which the run goes on, until its first batch is there. */
  #resumed: TrainingState | null = null;
  /** The last step that `onLog` has heard of. */
  #logged = 0;

  /** A run from the beginning. */
  constructor(model: Module, batches: Batches, options: FitOptions) {
    this.#model = model;
    this.#batches = batches;
    this.#options = options;
    this.#keeper = new StateKeeper({ model, batches, ...options }, this.#meter);
    this.#last = new LastState(this.#keeper, options);
  }

  /** Trains to the end, on whatever device is left. */
  async run(): Promise<void> {
    const { resume } = this.#options;
    if (resume) {
      this.#keeper.restore(resume, this.#keeper.device);
      this.#goOn(resume);
    }
    for (let begun = false;;) {
      try {
        if (!begun) await this.#last.keep(this.#at);
        begun = true;
        return await this.#epochs();
      } catch (error) {
        this.#goOn(await this.#last.recover(error, this.#at));
      }
    }
  }

  /** Gives the memory of the loss back. */
  [Symbol.dispose](): void {
    this.#meter[Symbol.dispose]();
  }

  #goOn(state: TrainingState): void {
    const { position } = state;
    this.#at = { ...position };
    this.#resumed = position.batch > 0 && !position.passed ? state : null;
  }

  async #epochs(): Promise<void> {
    const { epochs = 1, scheduler, onEpoch } = this.#options;
    while (this.#at.epoch <= epochs) {
      if (!this.#at.passed) {
        await this.#pass();
        this.#at.passed = true;
        await this.#last.keep(this.#at);
      }
      scheduler?.step();
      const { epoch, step, seconds, sum, samples } = this.#at;
      const wanted = await onEpoch?.({ epoch, seconds, loss: sum / samples, samples });
      this.#at = { epoch: epoch + 1, step, ...UNTOUCHED };
      // Once more, as nobody knows what the callback has changed.
      await this.#last.keep(this.#at, true);
      if (wanted === false) return;
    }
  }

  /** What is left of an epoch's batches. */
  async #pass(): Promise<void> {
    const { logEvery = 100, onLog } = this.#options;
    const batches = this.#batches, at = this.#at;
    this.#model.train();
    let begin = performance.now() - 1000 * at.seconds;
    // A loader that knows where it stands has left these out itself.
    let skip = batches.loadStateDict ? 0 : at.batch;
    for await (using current of batches) {
      if (skip > 0) {
        skip--;
        continue;
      }
      this.#setGenerators();
      this.#step(current);
      if (at.batch % logEvery === 0) {
        const loss = await this.#take();
        if (at.step > this.#logged) {
          const pause = performance.now();
          await onLog?.({ step: at.step, epoch: at.epoch, loss });
          begin += performance.now() - pause;
          this.#logged = at.step;
        }
      }
      if (this.#last.due) {
        at.seconds = (performance.now() - begin) / 1000;
        await this.#last.keep(at, true);
      }
    }
    this.#setGenerators();
    // What was not logged counts too, and reading it waits for all that was begun.
    if (this.#meter.count > 0) await this.#take();
    at.seconds = (performance.now() - begin) / 1000;
  }

  #step(current: Batch): void {
    const { optimizer, loss: criterion, onStep } = this.#options;
    const [input, target] = inputAndTarget(current), at = this.#at;
    tidySync(() => {
      optimizer.zeroGrad();
      const loss = criterion.forward(this.#model.forward(input), target);
      loss.backward();
      optimizer.step();
      const samples = input.shape[0] ?? 1;
      this.#meter.add(loss, samples);
      at.step++;
      at.batch++;
      const { step, epoch, batch } = at;
      onStep?.({ step, epoch, batch, batches: this.#batches.length, samples, loss });
    });
  }

  /** The mean loss since it was last taken. */
  async #take(): Promise<number> {
    const mean = await this.#meter.mean();
    this.#at.sum += mean * this.#meter.count;
    this.#at.samples += this.#meter.count;
    this.#meter.reset();
    return mean;
  }

  /** The loader may have drawn the order of its batches from them, and what it skips. */
  #setGenerators(): void {
    if (this.#resumed) this.#keeper.setGenerators(this.#resumed, this.#keeper.device);
    this.#resumed = null;
  }
}
