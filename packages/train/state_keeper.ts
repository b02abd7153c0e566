import { noGrad } from "@troodon/autograd";
import {
  defaultGenerator,
  type Device,
  fromTypedArray,
  Generator,
  type Storage,
  Tensor,
  tidySync,
} from "@troodon/core";
import { Module } from "@troodon/nn";
import { AveragedParameters, type GroupOptions, type LRScheduler, type Optimizer } from "@troodon/optim";
import type { Batches } from "./batch.ts";
import { HostCopies } from "./host_copies.ts";
import type { LossMeter } from "./loss_meter.ts";
import { checkFits } from "./state_check.ts";
import type { OptimizerNumbers, TrainingPosition, TrainingState } from "./training_state.ts";

/** Anything with a state of plain data, or averages of parameters: what a callback steps and updates. */
export interface Stateful {
  /** Where it stands. */
  stateDict(): unknown;
  /** Goes on from there. */
  loadStateDict(state: unknown): void;
}

/** What a run is made of. */
export interface TrainingParts {
  readonly model: Module;
  readonly batches: Batches;
  readonly loss: object;
  readonly optimizer: Optimizer<GroupOptions>;
  readonly scheduler?: LRScheduler;
  readonly keep?: readonly (Stateful | Generator)[];
}

/** Takes the state of a run to the host, and gives it back: on the same device, or on another one. */
export class StateKeeper {
  readonly #parts: TrainingParts;
  readonly #meter: LossMeter;
  readonly #copies = new HostCopies();

  /** Looks after `parts`. */
  constructor(parts: TrainingParts, meter: LossMeter) {
    this.#parts = parts;
    this.#meter = meter;
  }

  /** Where the parameters are. */
  get device(): Device {
    return this.#parts.optimizer.paramGroups[0]!.params[0]!.device;
  }

  /** The state as it is now. Waits for the device. */
  async take(position: TrainingPosition): Promise<TrainingState> {
    const { batches, optimizer, scheduler = null, keep = [] } = this.#parts;
    if (position.batch === 0) batches.newPass?.();
    const dict = optimizer.stateDict();
    const tensors = this.#tensors();
    const numbers: Record<number, Record<string, number | null>> = {};
    for (const [i, remembered] of Object.entries(dict.state)) {
      const own: Record<string, number | null> = numbers[Number(i)] = {};
      for (const [name, value] of Object.entries(remembered)) {
        own[name] = value instanceof Tensor ? null : value;
        if (value instanceof Tensor) tensors.set(`optimizer.${i}.${name}`, value);
      }
    }
    // What is no tensor first: it is true of this moment, and reading takes a while.
    const plain = structuredClone({
      position: { ...position },
      optimizer: { name: optimizer.name, state: numbers, paramGroups: dict.paramGroups },
      scheduler: scheduler?.stateDict() ?? null,
      batches: batches.stateDict?.() ?? null,
      generators: this.#generators(this.device).map((generator) => generator.getState()),
      keep: keep.map(plainState),
    });
    const copies = new Map<string, Awaited<ReturnType<HostCopies["copy"]>>>();
    for (const [name, t] of tensors) copies.set(name, await this.#copies.copy(t));
    return { ...plain, tensors: copies, meter: await this.#meter.state() };
  }

  /**
   * Goes on from `state`, on `device`: tensors that are elsewhere move there, and stay the same objects.
   * Generators are to be set once more when the first batch is there, as a loader may draw its order from them.
   *
   * @throws {RangeError} If the state is of another model or other parts; nothing is changed then.
   * @throws {TypeError} If its tensors have other dtypes.
   */
  restore(state: TrainingState, device: Device): void {
    const { optimizer, scheduler, batches, keep = [] } = this.#parts;
    const own = this.#tensors();
    checkFits(state, this.#parts, own);
    const fresh = (name: string): Tensor => {
      const { data, shape, dtype } = state.tensors.get(name)!;
      return fromTypedArray(data, shape, { device, dtype });
    };
    using _ = noGrad();
    tidySync(() => {
      const moved = new Map<Storage, Tensor>();
      for (const [name, t] of own) {
        const { storage, strides, offset } = t;
        const twin = moved.get(storage);
        if (t.device === device) t.copy_(fresh(name));
        // Tensors that shared their memory go on sharing it.
        else if (twin?.offset === offset && String(twin.strides) === String(strides)) t.setData(twin);
        else moved.set(storage, t.setData(fresh(name)));
        t.grad?.dispose();
        t.grad = null;
      }
      optimizer.loadStateDict({
        paramGroups: state.optimizer.paramGroups,
        state: rememberedOf(state.optimizer, fresh),
      });
      if (state.scheduler) scheduler?.loadStateDict(state.scheduler);
      keep.forEach((part, i) => {
        if (part instanceof AveragedParameters) part.nAveraged = Number(state.keep[i]);
        else if (!(part instanceof Generator)) part.loadStateDict(state.keep[i]);
      });
      if (state.batches !== null) batches.loadStateDict?.(state.batches);
      this.setGenerators(state, device);
      this.#meter.load(state.meter, device);
    });
  }

  /** Sets generators to where they were. */
  setGenerators(state: TrainingState, device: Device): void {
    this.#generators(device).forEach((generator, i) => generator.setState(state.generators[i]!));
  }

  #generators(device: Device): Generator[] {
    const own = this.#parts.keep?.filter((part) => part instanceof Generator) ?? [];
    return [defaultGenerator(), device.generator, ...own];
  }

  /** Parameters and buffers of all that is trained, each once, and averages of them. */
  #tensors(): Map<string, Tensor> {
    const { model, loss, optimizer, keep = [] } = this.#parts;
    const found = new Map<string, Tensor>(), seen = new Set<Tensor>();
    const add = (name: string, t: Tensor): void => {
      if (!seen.has(t)) found.set(name, t);
      seen.add(t);
    };
    for (const [owner, module] of Object.entries({ model, loss })) {
      if (!(module instanceof Module)) continue;
      for (const [name, t] of module.namedParameters()) add(`${owner}.${name}`, t);
      for (const [name, t] of module.namedBuffers()) add(`${owner}.${name}`, t);
    }
    optimizer.paramGroups.flatMap(({ params }) => params).forEach((t, i) => add(`parameter.${i}`, t));
    keep.forEach((part, k) => {
      if (!(part instanceof AveragedParameters)) return;
      part.averages.forEach((t, i) => add(`keep.${k}.${i}`, t));
    });
    return found;
  }
}

/** What is kept of `part` beside tensors and the state of generators. */
function plainState(part: Stateful | Generator): unknown {
  if (part instanceof Generator) return null;
  return part instanceof AveragedParameters ? part.nAveraged : part.stateDict();
}

function rememberedOf(
  { state }: OptimizerNumbers,
  tensor: (name: string) => Tensor,
): Record<number, Record<string, number | Tensor>> {
  return Object.fromEntries(
    Object.entries(state).map(([i, values]) => [
      i,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value ?? tensor(`optimizer.${i}.${name}`)]),
      ),
    ]),
  );
}
