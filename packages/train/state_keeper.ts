import { noGrad } from "@troodon/autograd";
import {
  defaultGenerator,
  type Device,
  fromTypedArray,
  type Generator,
  type Tensor,
  tidySync,
} from "@troodon/core";
import { reword } from "@troodon/core/kernel";
import type { Module } from "@troodon/nn";
import type { GroupOptions, LRScheduler, Optimizer } from "@troodon/optim";
import type { BatchSource } from "./batch.ts";
import { isFiniteArray } from "./finite.ts";
import { HostCopies } from "./host_copies.ts";
import type { LossMeter } from "./loss_meter.ts";
import { SharedMemory } from "./shared_memory.ts";
import { checkFits, showState } from "./state_check.ts";
import { currentState, joinState, splitState } from "./state_tree.ts";
import type { OptimizerNumbers, TrainingPosition, TrainingState } from "./training_state.ts";

/**
 * An object with a state: a scheduler, `AveragedParameters`, another optimizer or another module. The state is made of
 * JSON-able data and tensors in records, arrays and maps; tensors are the object's own, not copies.
 */
export interface Stateful {
  /** The state as it is now. */
  stateDict(): unknown;
  /** Continues from `state`, whose tensors are freed afterwards. */
  loadStateDict(state: unknown): void;
}

/** The parts of a run that have a state. */
export interface TrainingParts {
  readonly model: Module;
  readonly batches: BatchSource;
  /** May be a module, with parameters and buffers of its own. */
  readonly loss?: object | undefined;
  readonly optimizer: Optimizer<GroupOptions>;
  readonly scheduler?: LRScheduler | undefined;
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
    const { state, paramGroups } = optimizer.stateDict();
    const tensors = this.#tensors();
    const numbers: Record<number, Record<string, number | null>> = {};
    for (const [i, remembered] of Object.entries(state)) {
      const own: Record<string, number | null> = numbers[Number(i)] = {};
      for (const [name, value] of Object.entries(remembered)) {
        own[name] = typeof value === "number" ? value : null;
        if (typeof value !== "number") tensors.set(`optimizer.${i}.${name}`, value);
      }
    }
    // What is no tensor first: it is true of this moment, and reading takes a while.
    const plain = structuredClone({
      position: { ...position },
      optimizer: { name: optimizer.name, state: numbers, paramGroups },
      scheduler: scheduler?.stateDict() ?? null,
      batches: batches.stateDict?.() ?? null,
      generators: this.#generators(this.device).map((generator) => generator.getState()),
      keep: keep.map((part, i) =>
        "stateDict" in part ? splitState(part.stateDict(), `keep.${i}`, tensors) : null
      ),
    });
    const copies = new Map<string, Awaited<ReturnType<HostCopies["copy"]>>>();
    for (const [name, t] of tensors) copies.set(name, await this.#copies.copy(t));
    return { ...plain, tensors: copies, meter: await this.#meter.state() };
  }

  /** Names a trained tensor, a tensor of the optimizer or the sum of the losses that is not finite; null if none is. */
  faultOf({ tensors, meter }: TrainingState): string | null {
    const trained = new Set([...this.#tensors()].flatMap(([name, t]) => t.requiresGrad ? [name] : []));
    for (const [name, copy] of tensors) {
      if ((trained.has(name) || name.startsWith("optimizer.")) && !isFiniteArray(copy)) {
        return `${name} has elements that are NaN or infinite`;
      }
    }
    return Number.isFinite(meter.sum ?? 0) ? null : `the sum of the losses is ${meter.sum}`;
  }

  /**
   * Goes on from `state`, on `device`: tensors that are elsewhere move there, and stay the same objects.
   * Generators are to be set once more when the first batch is there, as a loader may draw its order from them.
   *
   * @throws {RangeError} If the state is of another model or other parts; nothing is changed then.
   * @throws {TypeError} If its tensors have other dtypes.
   */
  restore(state: TrainingState, device: Device): void {
    try {
      this.#restore(state, device);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      const name = showState(state), own = `Cannot go on from ${name} as`;
      if (error.message.startsWith(own)) throw error;
      throw reword(error, `${own} its parts must be of this run: ${error.message}`);
    }
  }

  #restore(state: TrainingState, device: Device): void {
    const { optimizer, scheduler, batches, keep = [] } = this.#parts;
    const own = this.#tensors();
    checkFits(state, this.#parts, own);
    const fresh = (name: string): Tensor => {
      const found = state.tensors.get(name);
      if (found === undefined) {
        throw new RangeError(
          `Cannot go on from ${showState(state)} as it must have the tensor ${name}: it has none`,
        );
      }
      const { data, shape, dtype } = found;
      return fromTypedArray(data, shape, { device, dtype });
    };
    const freshAs = (t: Tensor, name: string): Tensor => {
      const found = fresh(name);
      return found.dtype === t.dtype ? found : found.to(t.dtype);
    };
    using _ = noGrad();
    tidySync(() => {
      const keptTensors = keep.map((part, i) => {
        const kept = new Map<string, Tensor>();
        if ("stateDict" in part) splitState(part.stateDict(), `keep.${i}`, kept);
        return kept;
      });
      const all = [...own.values(), ...keptTensors.flatMap((kept) => [...kept.values()])];
      const memory = new SharedMemory(all, device);
      for (const [name, t] of own) {
        if (t.device === device) t.copy_(fresh(name));
        else memory.move(t, freshAs(t, name));
        dropGradient(t);
      }
      optimizer.loadStateDict({
        paramGroups: state.optimizer.paramGroups,
        state: rememberedOf(state.optimizer, fresh),
      });
      if (state.scheduler) scheduler?.loadStateDict(state.scheduler);
      keep.forEach((part, i) => {
        if (!("stateDict" in part)) return;
        // Whatever has memory on a device that was lost gets other memory first: it may be copied into.
        for (const [name, t] of keptTensors[i]!) {
          if (t.device !== device && state.tensors.has(name)) memory.move(t, freshAs(t, name));
          dropGradient(t);
        }
        part.loadStateDict(joinState(currentState(state.keep[i], `keep.${i}`, state.tensors), fresh));
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
    const own = this.#parts.keep?.filter((part) => "getState" in part) ?? [];
    return [defaultGenerator(), device.generator, ...own];
  }

  /** Parameters and buffers of all that is trained, each once. */
  #tensors(): Map<string, Tensor> {
    const { model, loss, optimizer } = this.#parts;
    const found = new Map<string, Tensor>(), seen = new Set<Tensor>();
    const add = (name: string, t: Tensor): void => {
      if (!seen.has(t)) found.set(name, t);
      seen.add(t);
    };
    for (const [owner, module] of Object.entries({ model, loss })) {
      if (!hasTensors(module)) continue;
      for (const [name, t] of module.namedParameters()) add(`${owner}.${name}`, t);
      for (const [name, t] of module.namedBuffers()) add(`${owner}.${name}`, t);
    }
    optimizer.paramGroups.flatMap(({ params }) => params).forEach((t, i) => add(`parameter.${i}`, t));
    return found;
  }
}

/** Returns true for losses with parameters and buffers, as modules have. */
function hasTensors(part: object | undefined): part is Pick<Module, "namedParameters" | "namedBuffers"> {
  return part !== undefined && "namedParameters" in part && "namedBuffers" in part;
}

function dropGradient(t: Tensor): void {
  t.grad?.dispose();
  t.grad = null;
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
