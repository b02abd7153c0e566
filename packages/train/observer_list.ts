import { disposableStack } from "@troodon/core/kernel";
import type { Device, Generator } from "@troodon/core";
import type { DeviceLoss } from "./device_loss.ts";
import type {
  BatchEvent,
  BeforeStepEvent,
  EndEvent,
  EpochEvent,
  FitObserver,
  LogEvent,
  PassEvent,
  StartEvent,
  StateEvent,
  StepEvent,
  ValidationEvent,
} from "./observer.ts";
import type { Stateful } from "./state_keeper.ts";

/** The observers of a run: each event goes to all of them, in their order. */
export class ObserverList<B> {
  readonly #all: readonly FitObserver<B>[];

  /** Calls `observers`. */
  constructor(observers: readonly FitObserver<B>[]) {
    this.#all = observers;
  }

  /** The objects whose state the observers want to be kept. */
  get keep(): readonly (Stateful | Generator)[] {
    return this.#all.flatMap(({ keep = [] }) => keep);
  }

  /** True if there is an observer of `event`. */
  hears(event: Exclude<keyof FitObserver, "keep" | "quiet">): boolean {
    return this.#all.some((observer) => observer[event] !== undefined);
  }

  /** See {@linkcode FitObserver.onStart}. */
  async onStart(event: StartEvent): Promise<void> {
    for (const observer of this.#all) await observer.onStart?.(event);
  }

  /** See {@linkcode FitObserver.onBatch}. */
  onBatch(event: BatchEvent<B>): void {
    for (const observer of this.#all) observer.onBatch?.(event);
  }

  /** See {@linkcode FitObserver.onBeforeStep}. */
  onBeforeStep(event: BeforeStepEvent): void {
    for (const observer of this.#all) observer.onBeforeStep?.(event);
  }

  /** See {@linkcode FitObserver.onStep}. */
  onStep(event: StepEvent): void {
    for (const observer of this.#all) observer.onStep?.(event);
  }

  /** See {@linkcode FitObserver.onLog}. */
  async onLog(event: LogEvent): Promise<void> {
    for (const observer of this.#all) await observer.onLog?.(event);
  }

  /** See {@linkcode FitObserver.onBeforeValidation}: returns all that is to be disposed of, the last one first. */
  onBeforeValidation(event: PassEvent): Disposable {
    using stack = disposableStack();
    for (const observer of this.#all) stack.use(observer.onBeforeValidation?.(event) ?? null);
    return stack.move();
  }

  /** See {@linkcode FitObserver.onValidation}. */
  async onValidation(event: ValidationEvent): Promise<void> {
    for (const observer of this.#all) await observer.onValidation?.(event);
  }

  /** See {@linkcode FitObserver.onEpoch}. */
  async onEpoch(event: EpochEvent): Promise<void> {
    for (const observer of this.#all) await observer.onEpoch?.(event);
  }

  /** See {@linkcode FitObserver.onState}. */
  async onState(event: StateEvent): Promise<void> {
    for (const observer of this.#all) await observer.onState?.(event);
  }

  /** See {@linkcode FitObserver.onEnd}. */
  async onEnd(event: EndEvent): Promise<void> {
    for (const observer of this.#all) await observer.onEnd?.(event);
  }

  /** See {@linkcode FitObserver.onDeviceLost}: returns the device to continue on, or null. */
  async onDeviceLost(loss: DeviceLoss): Promise<Device | null> {
    let found: Device | null = null;
    for (const observer of this.#all) {
      const device = await observer.onDeviceLost?.(loss);
      found ??= device ?? null;
    }
    return found;
  }
}
