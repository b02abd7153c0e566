import { type Tensor, tidySync } from "@troodon/core";
import type { Module } from "@troodon/nn";
import type { Batches, BatchSource } from "./batch.ts";
import { divergence } from "./finite.ts";
import type { FitOptions } from "./fit.ts";
import { LastState, passes } from "./last_state.ts";
import { LossMeter } from "./loss_meter.ts";
import type { FitEvent, PassEvent, Scores, StepEvent } from "./observer.ts";
import { ObserverList } from "./observer_list.ts";
import { addGradients, type LossParts, type StepLoss } from "./steps/gradients.ts";
import { CompiledStep } from "./steps/compiled_step.ts";
import { DONE, type StepOutcome } from "./steps/step_outcome.ts";
import { HalfPrecision } from "./steps/half_precision.ts";
import { scoresOf } from "./steps/scores_of.ts";
import { stepGroups } from "./steps/step_groups.ts";
import { StateKeeper } from "./state_keeper.ts";
import type { TrainingPosition, TrainingState } from "./training_state.ts";

/** Where epochs begin. */
const UNTOUCHED = { batch: 0, passed: false, samples: 0, sum: 0, seconds: 0 } as const;

/**
 * Milliseconds of steps after which the loop waits for a task: all that a step waits for may be promises that are settled,
 * and then no signal, timer or request is heard.
 */
const BREATH = 200;

/** A run of {@linkcode fit}: it can begin anywhere, and so go on where it was. */
export class TrainingLoop<B> implements Disposable {
  readonly #model: Module;
  readonly #batches: Batches<B>;
  readonly #options: FitOptions<B>;
  readonly #observers: ObserverList<B>;
  readonly #meter = new LossMeter();
  readonly #keeper: StateKeeper;
  readonly #last: LastState;
  readonly #parts: LossParts<B>;
  readonly #compiled: CompiledStep<B> | null;
  #at: { -readonly [K in keyof TrainingPosition]: TrainingPosition[K] } = { epoch: 1, step: 0, ...UNTOUCHED };
  /** The state from the midst of a pass from which the run goes on, until its first batch is there. */
  #resumed: TrainingState | null = null;
  /** The time after which the loop waits for a task. */
  #breath = 0;
  /** The last step that observers of `onLog` have heard of. */
  #logged = 0;
  /** Set once an observer has asked for the end of the run. */
  #asked = false;
  /** Set once the run has ended for that. */
  #stopped = false;

  /** A run from the beginning. */
  constructor(model: Module, batches: Batches<B>, options: FitOptions<B>) {
    const { optimizer, scheduler, loss, observers = [], keep = [] } = options;
    this.#model = model;
    this.#batches = batches;
    this.#options = options;
    this.#observers = new ObserverList(observers);
    const half = options.precision === "float16" ? new HalfPrecision(model) : null;
    this.#parts = options.step === undefined
      ? { model, half, loss: options.loss }
      : { model, half, step: options.step };
    // Observers that inspect gradients run between the backward pass and the step.
    this.#compiled = options.compile === "auto" && half === null
      ? new CompiledStep(this.#parts, optimizer, !this.#observers.hears("onBeforeStep"))
      : null;
    const kept = [...keep, ...this.#observers.keep, ...half === null ? [] : [half]];
    this.#keeper = new StateKeeper({ model, batches, optimizer, scheduler, loss, keep: kept }, this.#meter);
    this.#last = new LastState(this.#keeper, this.#observers, options);
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
        if (!begun) await this.#begin();
        begun = true;
        await this.#epochs();
        const { step } = this.#at;
        return await this.#observers.onEnd({ step, model: this.#model, stopped: this.#stopped });
      } catch (error) {
        this.#goOn(await this.#last.recover(error, this.#at));
      }
    }
  }

  /** Releases the memory of the losses, and of compiled steps. */
  [Symbol.dispose](): void {
    this.#meter[Symbol.dispose]();
    this.#compiled?.[Symbol.dispose]();
  }

  #goOn(state: TrainingState): void {
    const { position } = state;
    this.#at = { ...position };
    this.#resumed = position.batch > 0 && !position.passed ? state : null;
    // Whoever asked for the end will see the same events again.
    this.#asked = false;
  }

  async #begin(): Promise<void> {
    const { epochs = 1, optimizer } = this.#options;
    await this.#observers.onStart({ ...this.#event(), model: this.#model, optimizer, epochs });
    await this.#last.keep(this.#at);
    this.#stopped = this.#asked;
  }

  async #epochs(): Promise<void> {
    const { epochs = 1, scheduler } = this.#options;
    while (this.#at.epoch <= epochs && !this.#stopped) {
      if (!this.#at.passed) {
        await this.#pass();
        if (this.#stopped) return;
        this.#at.passed = true;
        await this.#last.keep(this.#at);
      }
      scheduler?.step();
      const { step, epoch, seconds, sum, samples } = this.#at;
      const pass = { ...this.#event(), epochs, seconds, loss: sum / samples, samples };
      await this.#observers.onEpoch({ ...pass, scores: await this.#validate(pass) });
      this.#at = { epoch: epoch + 1, step, ...UNTOUCHED };
      // Once more, as nobody knows what the observers have changed.
      await this.#last.keep(this.#at, true);
      this.#stopped = this.#asked;
    }
  }

  async #validate(pass: PassEvent): Promise<Scores> {
    using _ = this.#observers.onBeforeValidation(pass);
    const { validation, metrics = {}, validate } = this.#options;
    const scores: Scores = {
      ...validation && await scoresOf(this.#parts, validation as Batches<B>, metrics),
      ...await validate?.(),
    };
    await this.#observers.onValidation({ ...pass, model: this.#model, scores });
    return scores;
  }

  /** What is left of an epoch's batches. */
  async #pass(): Promise<void> {
    const { logEvery = 100, accumulate = 1 } = this.#options;
    const batches = this.#batches, at = this.#at;
    this.#model.train();
    let begin = performance.now() - 1000 * at.seconds;
    // A loader that knows where it stands has left these out itself.
    const skip = batches.loadStateDict ? 0 : at.batch, onBatch = () => this.#setGenerators();
    for await (const group of stepGroups(batches, { size: accumulate, skip, onBatch })) {
      const before = at.batch;
      const step = this.#step(group);
      if (step !== null) await step;
      if (passes(before, at.batch, logEvery) && this.#meter.count > 0) {
        const loss = await this.#take();
        if (at.step > this.#logged) {
          const pause = performance.now();
          await this.#observers.onLog({ ...this.#event(), loss });
          begin += performance.now() - pause;
          this.#logged = at.step;
        }
      }
      if (performance.now() >= this.#breath) await this.#breathe();
      if (!this.#asked && !this.#last.isDue(before, at.batch)) continue;
      at.seconds = (performance.now() - begin) / 1000;
      await this.#last.keep(at, true);
      this.#stopped = this.#asked;
      if (this.#stopped) return;
    }
    this.#setGenerators();
    // What was not logged counts too, and reading it waits for all that was begun.
    if (this.#meter.count > 0) await this.#take();
    at.seconds = (performance.now() - begin) / 1000;
  }

  async #breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#breath = performance.now() + BREATH;
  }

  /** Trains on the batches of a step; returns a promise if it has to wait for the device. */
  #step(group: readonly B[]): Promise<void> | null {
    const { half } = this.#parts;
    if (half !== null) return this.#stepInHalf(group, half);
    const compiled = this.#compiled;
    if (compiled !== null) {
      tidySync(() => {
        group.forEach((data, place) => this.#onBatch(data, place));
        const hasStepped = !this.#observers.hears("onBeforeStep");
        this.#finish(compiled.run(group), group.length, { ...DONE, hasStepped });
      });
      return null;
    }
    tidySync(() => this.#finish(this.#backward(group), group.length));
    return null;
  }

  async #stepInHalf(group: readonly B[], half: HalfPrecision): Promise<void> {
    const done = tidySync(() => this.#backward(group));
    using _ = done.loss;
    const parameters = this.#options.optimizer.paramGroups.flatMap(({ params }) => params);
    const isSkipped = !await half.unscale(parameters);
    const isCounted = !isSkipped || Number.isFinite(Number((await done.loss.dataAsync())[0]));
    tidySync(() => this.#finish(done, group.length, { isSkipped, isCounted, hasStepped: false }));
  }

  #backward(group: readonly B[]): StepLoss {
    this.#options.optimizer.zeroGrad();
    return addGradients(this.#parts, group, (data, place) => this.#onBatch(data, place));
  }

  #onBatch(data: B, place: number): void {
    this.#observers.onBatch({ ...this.#event(), batch: this.#at.batch + place, data });
  }

  /**
   * Steps the optimizer, unless the step is skipped, and counts the loss, unless it is not finite in a skipped step.
   */
  #finish(
    { loss, samples }: StepLoss,
    batches: number,
    { isSkipped, isCounted, hasStepped }: StepOutcome = DONE,
  ): void {
    const at = this.#at;
    if (!isSkipped && !hasStepped) {
      this.#observers.onBeforeStep({ ...this.#event(), loss, samples });
      this.#options.optimizer.step();
    }
    if (isCounted) this.#meter.add(loss, samples);
    at.step++;
    at.batch += batches;
    this.#observers.onStep(
      new StepDone(at, this.#batches, { samples, loss, isSkipped, stop: this.#stop }),
    );
  }

  /** The mean loss since it was last taken. */
  async #take(): Promise<number> {
    const { requireFinite = true } = this.#options;
    const mean = await this.#meter.mean();
    if (requireFinite && !Number.isFinite(mean)) throw divergence(this.#at.step, `the loss is ${mean}`);
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

  #event(): FitEvent {
    const { step, epoch } = this.#at;
    return { step, epoch, stop: this.#stop };
  }

  readonly #stop = (): void => {
    this.#asked = true;
  };
}

/** A step that has been done, of a class as an object literal with a getter takes ten times as long to make. */
class StepDone implements StepEvent {
  readonly step: number;
  readonly epoch: number;
  readonly batch: number;
  readonly samples: number;
  readonly loss: Tensor;
  readonly isSkipped: boolean;
  readonly stop: () => void;
  readonly #source: BatchSource;

  constructor(
    { step, epoch, batch }: TrainingPosition,
    source: BatchSource,
    { samples, loss, isSkipped = false, stop }: Pick<StepEvent, "samples" | "loss" | "isSkipped" | "stop">,
  ) {
    this.step = step;
    this.epoch = epoch;
    this.batch = batch;
    this.samples = samples;
    this.loss = loss;
    this.isSkipped = isSkipped;
    this.stop = stop;
    this.#source = source;
  }

  /** Counted when somebody asks: a stream may not know its length. */
  get batches(): number {
    return this.#source.length;
  }
}
