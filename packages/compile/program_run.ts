/** One run of a captured program. */
import { type Device, type GeneratorState, type RandomState, Tensor } from "@troodon/core";
import {
  flow,
  inPart,
  type Launch,
  type LaunchView,
  type ProgramLaunch,
  type ProgramView,
  recordedBy,
  type Storage,
} from "@troodon/core/kernel";
import type { BuiltProgram } from "./build_program.ts";
import { callWith } from "./program_loop.ts";
import { SectionCapture, type SectionSurroundings } from "./section_capture.ts";
import { keyOf, outside, type Trace, type TraceEvent } from "./trace.ts";

/** Parts of a program that its runs need. */
export interface RunParts {
  /** Device that the program runs on. */
  readonly device: Device;
  /** Recorded call that the run repeats. */
  readonly trace: Trace;
  /** Program before optimization. */
  readonly built: BuiltProgram;
  /** Returns the storage of a slot that the program owns, before optimization. */
  readonly ownOf: (slot: number) => Storage;
  /** Returns unused memory for a gradient or a result. */
  readonly heldOf: (slot: number) => Storage;
  /** Runs all launches of the optimized program. */
  readonly runAll: (run: ProgramRun) => void;
}

/** Repeats a recorded call with other arguments. */
export class ProgramRun implements SectionSurroundings {
  /** See {@linkcode SectionSurroundings}. */
  readonly keys: (object | undefined)[];
  /** See {@linkcode SectionSurroundings}. */
  readonly numbers: number[];
  /** See {@linkcode SectionSurroundings}. */
  readonly randoms: RandomState[] = [];
  /** Storage of each slot that is passed to the program, if known. */
  readonly storages: (Storage | undefined)[];
  /** False if the run differed from the recording, so that the program is out of date. */
  asRecorded = true;
  readonly #parts: RunParts;
  readonly #tensors: readonly Tensor[];
  readonly #states: GeneratorState[] = [];
  #reserved = 0;
  /** Number of launches that ran one by one; null while all are to run at once. */
  #launched: number | null;
  /** Number of steps before the current event. */
  #at = 0;

  /**
   * Creates a run on the outside storages `storages`; launches run one by one if a listener is attached to the device.
   */
  constructor(
    parts: RunParts,
    tensors: readonly Tensor[],
    numbers: number[],
    storages: (Storage | undefined)[],
    oneByOne: boolean,
  ) {
    this.#parts = parts;
    this.#tensors = tensors;
    this.numbers = numbers;
    this.storages = storages;
    this.keys = storages.map((storage) => storage && keyOf(storage));
    this.#launched = oneByOne ? 0 : null;
  }

  /** Repeats the host actions and runs the launches. */
  run(): void {
    const { trace: { events }, built, runAll } = this.#parts;
    try {
      for (let i = 0; i < events.length; i++) {
        this.#at = events[i]!.at;
        if (this.#launched !== null) this.#launchTo(built.launchesBefore[this.#at]!);
        this.#make(events[i]!, i);
      }
    } catch (error) {
      // Run all launches that come before this action.
      this.catchUp();
      throw error;
    }
    if (this.#launched !== null) this.#launchTo(built.program.launches.length);
    else runAll(this);
  }

  /** See {@linkcode SectionSurroundings}. */
  catchUp(): void {
    this.asRecorded = false;
    this.#launched ??= 0;
    this.#launchTo(this.#parts.built.launchesBefore[this.#at]!);
  }

  /** Storage of a slot passed to the program: from outside, or for a gradient or result. */
  given(slot: number): Storage {
    const known = this.storages[slot];
    if (known !== undefined) return known;
    const storage = this.#parts.heldOf(slot);
    this.storages[slot] = storage;
    this.keys[slot] = keyOf(storage);
    return storage;
  }

  #make(event: TraceEvent, index: number): void {
    switch (event.kind) {
      case "nothing":
        return;
      case "section":
        return this.#section(event, index);
      case "number":
        return this.#number(event, index);
      case "toggle":
        outside(event.leaf, this.#tensors).requiresGrad_(event.on);
        return;
      case "reserve":
        this.randoms[this.#reserved++] = event.generator.reserve(event.blocks);
        return;
      case "takeState":
        this.#states.push(event.generator.getState());
        return;
      case "giveState": {
        const { state } = event;
        event.generator.setState(typeof state === "number" ? this.#states[state]! : state);
        return;
      }
      case "changed": {
        const { version, ofGrad } = event;
        if (typeof version === "object" && !(version instanceof Tensor)) version.count++;
        else {
          const tensor = outside(version, this.#tensors), changed = ofGrad ? tensor.grad : tensor;
          if (changed !== null) changed.version.count++;
        }
        return;
      }
      case "grad":
        return this.#grad(event);
    }
  }

  #section(event: TraceEvent & { readonly kind: "section" }, index: number): void {
    const { recording } = event, numbers = [...event.numbers];
    for (const [at, i, source] of this.#parts.built.roles.ofSections) {
      if (at === index) numbers[i] = this.numbers[source]!;
    }
    const run = (): void => event.run(...numbers);
    const frame = flow.syncFrame({ recording }), before = flow.enterSync(frame);
    try {
      if (this.#launched !== null) {
        recordedBy(null, run);
        this.#launched = this.#parts.built.launchesBefore[this.#endOf(index)]!;
        return;
      }
      const expected = this.#parts.built.sections.get(index) ?? [];
      if (new SectionCapture(this.#parts.device, expected, this).run(run)) return;
      // The section has issued its launches itself.
      this.#launched = this.#parts.built.launchesBefore[this.#endOf(index)]!;
    } finally {
      flow.leaveSync(frame, before);
    }
  }

  /** Number of steps before the end of a section. */
  #endOf(index: number): number {
    const { steps } = this.#parts.trace;
    let at = this.#at;
    while (steps[at]?.kind === "launch" && (steps[at] as { section: number | null }).section === index) at++;
    return at;
  }

  #number(event: TraceEvent & { readonly kind: "number" }, index: number): void {
    const { built: { numberOfEvent, roles } } = this.#parts, source = numberOfEvent.get(index)!;
    const number = event.get(), known = roles.unvaried[source];
    if (known !== undefined && !Object.is(number, known)) {
      throw new TypeError(
        `Cannot run a compiled function as a live number must not change for the first time within a call: current ` +
          `numbers are ${known} and ${number}, change it between calls`,
      );
    }
    this.numbers[source] = number;
  }

  #grad({ leaf: of, view, place }: TraceEvent & { readonly kind: "grad" }): void {
    const leaf = outside(of, this.#tensors), { device } = this.#parts;
    if (view === null) {
      leaf.grad = null;
      return;
    }
    if (place !== null) {
      const grad = place.flat.take(place.index);
      if (grad !== null) leaf.grad = grad;
      return;
    }
    const storage = this.given(view.slot);
    // The gradient was accumulated in place.
    if (leaf.grad !== null && !leaf.grad.isDisposed && leaf.grad.storage === storage) return;
    leaf.grad = new Tensor(device, storage.retain(), view, view.dtype, null, null);
  }

  /** Runs launches one by one until `count` of them have run. */
  #launchTo(count: number): void {
    const { device, built: { program: { launches } } } = this.#parts;
    for (let i = this.#launched!; i < count;) {
      const group = [this.#bound(launches[i]!)], { together, origins = [] } = launches[i]!;
      i++;
      while (together !== undefined && i < count && launches[i]!.together === together) {
        group.push(this.#bound(launches[i++]!));
      }
      const { call, inputs, outputs } = group[0]!;
      inPart(
        { kind: "replay", origins },
        () => group.length > 1 ? device.launchAll(group) : device.launch(call, inputs, outputs),
      );
    }
    this.#launched = Math.max(this.#launched!, count);
  }

  #bound(launch: ProgramLaunch): Launch {
    const { slots } = this.#parts.built.program;
    const view = (of: ProgramView): LaunchView => {
      const storage = slots[of.slot]!.kind === "given" ? this.given(of.slot) : this.#parts.ownOf(of.slot);
      const { dtype, shape, strides, offset, end } = of;
      return { buffer: storage.buffer, storage, dtype, shape, strides, offset, end };
    };
    return {
      call: callWith(launch, this),
      inputs: launch.inputs.map(view),
      outputs: launch.outputs.map(view),
    };
  }
}
