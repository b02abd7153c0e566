/** Recorder of one call. */
import type { Device, Generator, GeneratorState, RandomState, Tensor } from "@troodon/core";
import {
  type DeviceBuffer,
  FlatPlace,
  flow,
  type Launch,
  type Recorder,
  type SectionOptions,
  type Storage,
  type TensorBase,
  type Version,
} from "@troodon/core/kernel";
import { OriginListener } from "./origin_listener.ts";
import { entryOf, type LeafNotes } from "./leaf_notes.ts";
import { childModules, fieldsOf, ownForward } from "./module_fields.ts";
import { RecordedMemory } from "./recorded_memory.ts";
import { Refusal } from "./refusal.ts";
import { placeOf, siteHere } from "./site.ts";
import { outsideOf, type TraceEvent, type TraceModule, type TraceStep } from "./trace.ts";

/** Records the actions of a function during one call. */
export class Recording implements Recorder {
  /** Memory slots used by the call. */
  readonly memory: RecordedMemory = new RecordedMemory();
  /** Launches and writes of the host. */
  readonly steps: TraceStep[] = [];
  /** All other host actions. */
  readonly events: TraceEvent[] = [];
  /** Index of the random state for each step that draws random numbers. */
  readonly randoms: Map<TraceStep, number> = new Map();
  /** Leaves whose gradients were read or set. */
  readonly leaves: Map<TensorBase, LeafNotes> = new Map();
  /** Modules that were called. */
  readonly modules: Map<object, TraceModule> = new Map();
  /** Storages of gradients that were set on leaves. */
  readonly grads: Set<Storage> = new Set();
  /** Leaves that started or stopped requiring a gradient, with the change of their storage's state. */
  readonly toggled: { readonly leaf: TensorBase; readonly on: Storage; readonly token: number }[] = [];
  /** Tensors from outside that took over memory of the call or of an argument. */
  readonly moves: { readonly tensor: TensorBase; readonly to: Storage; readonly site: Error }[] = [];
  /** Modes of known modules before the call. */
  readonly modes: ReadonlyMap<object, unknown>;
  /** See {@linkcode Recorder}; the scope of the call, set when it begins. */
  scope: Recorder["scope"] = null;
  /** Storages of the arguments before the call. */
  readonly storages: readonly Storage[];
  /** Tracks the origin of launches. */
  readonly origins: OriginListener = new OriginListener(flow.currentFlow().listener);
  /** The reason why the call cannot be recorded; null if it can. */
  refusal: Refusal | null = null;
  /** True if a section created state, so that later calls differ from this one. */
  early = false;
  readonly #tensors: readonly Tensor[];
  readonly #throws: boolean;
  readonly #states = new Map<RandomState, number>();
  readonly #taken = new Map<GeneratorState, number>();
  #device: Device | null = null;
  #batches = 0;
  #section: number | null = null;

  /**
   * Creates a recording of a call with the arguments `tensors`; if the call cannot be recorded, it throws or, if
   * `throws` is false, only notes the reason. `modes` are the modes of known modules before the call.
   */
  constructor(tensors: readonly Tensor[], throws: boolean, modes: ReadonlyMap<object, unknown>) {
    this.#tensors = tensors;
    this.storages = tensors.map(({ storage }) => storage);
    this.#throws = throws;
    this.modes = modes;
  }

  /** Device of the launches; null if there are none. */
  get device(): Device | null {
    return this.#device;
  }

  launching(device: Device, launches: readonly Launch[]): boolean {
    this.#on(device);
    const site = siteHere(), batch = launches.length > 1 ? this.#batches++ : null;
    for (const { call, inputs, outputs } of launches) {
      const step: TraceStep = {
        kind: "launch",
        call,
        inputs: inputs.map((view) => this.memory.view(view, false)),
        outputs: outputs.map((view) => this.memory.view(view, true)),
        batch,
        section: this.#section,
        origin: this.origins.current,
        site,
      };
      this.steps.push(step);
      if ("random" in call && call.random !== undefined) {
        const random = this.#states.get(call.random);
        if (random !== undefined) this.randoms.set(step, random);
      }
    }
    return false;
  }

  allocated(_: Device, { buffer }: DeviceBuffer): void {
    this.memory.allocated(buffer, this.#section !== null);
  }

  freeing(_: Device, { buffer }: DeviceBuffer): boolean {
    this.memory.freed(buffer);
    return false;
  }

  writing(storage: Storage, data: Uint8Array, offset: number): void {
    this.#on(storage.device);
    const start = storage.start + offset, slot = this.memory.written(storage, start + data.byteLength);
    this.steps.push({ kind: "write", slot, start, data: data.slice(), site: siteHere() });
  }

  reading(_: Storage): void {
    this.#stop(
      `no value may be read while it runs${
        placeOf(siteHere())
      }: kernels alone run in later calls; return the tensor and ` +
        "read it outside, or leave out what is calculated on the host",
    );
  }

  changed(version: Version, storage: Storage, tracked: boolean): void {
    if (tracked && !this.memory.isOwn(storage)) {
      this.refuse(
        `a tensor from outside must not get a history in it${
          placeOf(siteHere())
        }: change it within noGrad(), or by detach()`,
      );
    }
    if (this.#section === null && !this.memory.isOwn(storage)) {
      this.events.push({ kind: "changed", at: this.steps.length, version, ofGrad: false });
    }
  }

  askedForGrad(leaf: TensorBase, grad: TensorBase | null): void {
    const notes = this.#notes(leaf, grad);
    if (this.#section === null && !notes.given) notes.depends = true;
  }

  gaveGrad(leaf: TensorBase, grad: TensorBase | null, before: TensorBase | null): void {
    this.#notes(leaf, before).given = true;
    if (this.#section !== null) return;
    const at = this.steps.length, place = grad?.storage.lease;
    if (grad !== null) this.grads.add(grad.storage);
    this.events.push({
      kind: "grad",
      at,
      leaf: outsideOf(leaf, this.#tensors),
      view: grad === null ? null : this.memory.view(grad, false),
      place: place instanceof FlatPlace ? place : null,
    });
  }

  moving(tensor: TensorBase, { storage }: TensorBase): void {
    if (this.#section !== null || this.memory.isOwn(tensor.storage)) return;
    const isArgument = this.#tensors.includes(tensor as Tensor) || this.storages.includes(storage);
    if (isArgument || this.memory.isOwn(storage)) this.moves.push({ tensor, to: storage, site: siteHere() });
  }

  toggling(leaf: TensorBase, token: number): void {
    if (this.memory.isOwn(leaf.storage)) return;
    if (this.#section === null) {
      const on = leaf.node === null;
      this.events.push({ kind: "toggle", at: this.steps.length, leaf: outsideOf(leaf, this.#tensors), on });
    }
    this.memory.meet(leaf.storage);
    this.toggled.push({ leaf, on: leaf.storage, token });
  }

  #notes(leaf: TensorBase, grad: TensorBase | null): LeafNotes {
    let notes = this.leaves.get(leaf);
    if (notes === undefined) {
      this.leaves.set(leaf, notes = { entry: entryOf(grad), depends: false, given: false });
    }
    return notes;
  }

  reserved(generator: Generator, blocks: number, state: RandomState): void {
    if (this.#section !== null) return;
    this.#states.set(state, this.#states.size);
    this.events.push({ kind: "reserve", at: this.steps.length, generator, blocks });
  }

  tookState(generator: Generator, state: GeneratorState): void {
    if (this.#section !== null) return;
    this.#taken.set(state, this.#taken.size);
    this.events.push({ kind: "takeState", at: this.steps.length, generator });
  }

  gaveState(generator: Generator, state: GeneratorState): void {
    if (this.#section !== null) return;
    this.events.push({
      kind: "giveState",
      at: this.steps.length,
      generator,
      state: this.#taken.get(state) ?? state,
    });
  }

  drawing(_: Generator): void {
    if (this.#section !== null) return;
    this.#stop(
      `no random number may be drawn on the host while it runs${placeOf(siteHere())}: ` +
        "draw it outside, as by randperm(), and pass it as an argument",
    );
  }

  section(run: (...numbers: readonly number[]) => void, { size, numbers = [] }: SectionOptions): void {
    // A nested section is part of the outer one.
    if (this.#section !== null) return run(...numbers);
    const { recording } = flow.currentFlow();
    this.#section = this.events.push({
      kind: "section",
      at: this.steps.length,
      run,
      recording,
      size: size === undefined ? null : { now: size, recorded: size() },
      numbers,
      site: siteHere(),
    }) - 1;
    try {
      run(...numbers);
    } finally {
      this.#section = null;
    }
  }

  number(get: () => number): number {
    const value = get();
    if (this.#section === null) {
      this.events.push({ kind: "number", at: this.steps.length, get, value, site: siteHere() });
    }
    return value;
  }

  called(module: object): void {
    if (this.modules.has(module)) return;
    this.modules.set(module, { module, fields: fieldsOf(module), forward: ownForward(module) });
    // Modules may use parameters of their children without calling the children.
    for (const child of childModules(module)) this.called(child);
  }

  /** Notes that the call cannot be recorded, unless a reason is known already. */
  refuse(reason: string): Refusal {
    return this.refusal ??= new Refusal(reason);
  }

  #stop(reason: string): void {
    const { error } = this.refuse(reason);
    if (this.#throws) throw error;
  }

  #on(device: Device): void {
    if (this.#device !== null && this.#device !== device) {
      this.#stop(
        `it must use a single device${
          placeOf(siteHere())
        }: current ones are ${this.#device.name} and ${device.name}`,
      );
    }
    this.#device = device;
  }
}
