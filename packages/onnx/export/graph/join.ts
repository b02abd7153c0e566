/** Combining runs of one module at different extents into one graph, with numbers that depend on the extents. */
import type { DType } from "@troodon/core";
import type { Shape } from "@troodon/core/kernel";
import type { Action, Call, Producer, Recording, Value } from "../trace/recording.ts";
import { type Assignment, type Dim, fit } from "./dim.ts";
import { alike } from "./alike.ts";

/** A value in all runs. */
export class JointValue {
  /** The value in each run. */
  readonly values: readonly Value[];
  /** True if the value is equal in all runs and independent of the inputs. */
  readonly fixed: boolean;
  readonly #runs: readonly Assignment[];

  /** The `values` of one tensor in `runs`. */
  constructor(values: readonly Value[], runs: readonly Assignment[], fixed: boolean) {
    this.values = values;
    this.#runs = runs;
    this.fixed = fixed;
  }

  /** The first run's value, which stands for all. */
  get first(): Value {
    return this.values[0]!;
  }

  /** The type of the elements. */
  get dtype(): DType {
    return this.first.spec.dtype;
  }

  /** The number of axes. */
  get rank(): number {
    return this.first.spec.shape.length;
  }

  /** The shape in each run. */
  get shapes(): readonly Shape[] {
    return this.values.map((value) => value.spec.shape);
  }

  /** The extent along `axis`; null where no rule for it was found. */
  extent(axis: number): Dim | null {
    return fit(this.shapes.map((shape) => shape[axis]!), this.#runs);
  }

  /** The extent along `axis`, which must not depend on the inputs; `what` says for whom. */
  fixedExtent(axis: number, what: string): number {
    const extent = this.extent(axis);
    if (typeof extent === "number") return extent;
    throw new RangeError(
      `Cannot export ${what} as axis ${axis} must have a fixed extent: make it no dynamic axis`,
    );
  }
}

/** A call in all runs. */
export class JointCall {
  /** The call in each run. */
  readonly calls: readonly Call[];
  /** Values of the operands. */
  readonly inputs: readonly JointValue[];
  /** Values of the results; undefined for results that are not used. */
  readonly outputs: (JointValue | undefined)[];
  readonly #runs: readonly Assignment[];

  /** The `calls` of one thing in `runs`. */
  constructor(
    calls: readonly Call[],
    inputs: readonly JointValue[],
    outputs: number,
    runs: readonly Assignment[],
  ) {
    this.calls = calls;
    this.inputs = inputs;
    this.outputs = new Array(outputs).fill(undefined);
    this.#runs = runs;
  }

  /** The operation, in the first run. */
  get action(): Action {
    return this.calls[0]!.action;
  }

  /** The name of the op, or of the class of the module. */
  get name(): string {
    return nameOf(this.action);
  }

  /** The path of the module that it ran in. */
  get layer(): string {
    return this.calls[0]!.layer;
  }

  /** The one output. */
  get output(): JointValue {
    return this.outputs[0] ?? this.spec(0);
  }

  /** Output `i`, whether or not anybody needs it. */
  spec(i: number): JointValue {
    return this.outputs[i] ?? new JointValue(this.calls.map((call) => call.outputs[i]!), this.#runs, false);
  }

  /** The operation and its layer, for errors. */
  get place(): string {
    return `${this.name}()${this.layer && ` in ${this.layer}`}`;
  }

  /** The arguments in the first run, whatever those of the others are. */
  get firstParams(): unknown {
    return paramsOf(this.action);
  }

  /** The arguments in the first run, after a check that those of all runs are alike. */
  get params(): unknown {
    const [first, ...others] = this.calls.map((call) => paramsOf(call.action));
    if (others.every((params) => alike(first, params))) return first;
    throw new RangeError(
      `Cannot export ${this.place} as its arguments must not depend on extents of the inputs: make them fixed`,
    );
  }

  /** A number of the arguments, which may follow extents. */
  number(select: (call: Call) => number): Dim {
    const values = this.calls.map(select), dim = fit(values, this.#runs);
    if (dim !== null) return dim;
    throw new RangeError(
      `Cannot export ${this.place} as its numbers must follow from the extents of the inputs by sums and products: ` +
        `they were ${values.join(", ")} in ${this.#runs.map((run) => JSON.stringify(run)).join(", ")}`,
    );
  }

  /** The extent of `value` along `axis`. */
  extent(value: JointValue, axis: number): Dim {
    return this.number((call) => value.values[this.calls.indexOf(call)]!.spec.shape[axis]!);
  }
}

/** The name of an op, or of the class of a module. */
export function nameOf(action: Action): string {
  return action.kind === "module" ? action.module.constructor.name : action.op.name;
}

/** The arguments of a call. */
export function paramsOf(action: Action): unknown {
  return action.kind === "module" ? null : action.params;
}

/** Returns true if a call only overwrites input `i`, and does not read its elements. */
export function isOverwritten(action: Action, i: number): boolean {
  return action.kind === "op" && i === 0 && (action.op.name === "copy_" || action.op.name === "fill_");
}

/** The calls that the outputs of a module depend on. */
export interface JointGraph {
  /** The calls, in order. */
  readonly calls: readonly JointCall[];
  /** The inputs of the module. */
  readonly inputs: readonly JointValue[];
  /** Its outputs. */
  readonly outputs: readonly JointValue[];
}

/** Rules for combining runs: the choice between producers, and equality of constants. */
export interface JoinRules {
  /** The producer that is to be translated: a call of a module or an op as a whole, or the last of its parts. */
  readonly chosen: (value: Value) => Producer | undefined;
  /** Returns true if a constant is equal in all runs. */
  readonly isFixed: (values: readonly Value[]) => boolean;
}

/** Combines the calls that the outputs of all runs depend on; `runs` holds the extents of each run. */
export function join(
  recordings: readonly Recording[],
  runs: readonly Assignment[],
  rules: JoinRules,
): JointGraph {
  return new Joiner(recordings, runs, rules).join();
}

class Joiner {
  readonly #recordings: readonly Recording[];
  readonly #runs: readonly Assignment[];
  readonly #rules: JoinRules;
  /** By the number of the value in the first run. */
  readonly #values = new Map<number, JointValue>();
  /** By the number of the call in the first run. */
  readonly #calls = new Map<number, JointCall>();
  readonly #inputs: ReadonlySet<Value>;
  readonly #waiting: [value: JointValue, layer: string][] = [];

  constructor(recordings: readonly Recording[], runs: readonly Assignment[], rules: JoinRules) {
    this.#recordings = recordings;
    this.#runs = runs;
    this.#rules = rules;
    this.#inputs = new Set(recordings[0]!.inputs);
  }

  join(): JointGraph {
    const across = (list: (recording: Recording) => readonly Value[]) =>
      list(this.#recordings[0]!).map((_, i) => this.#value(this.#recordings.map((r) => list(r)[i]!), ""));
    const inputs = across((r) => r.inputs), outputs = across((r) => r.outputs);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#produce(...next);
    }
    return { calls: [...this.#calls].sort(([a], [b]) => a - b).map(([, call]) => call), inputs, outputs };
  }

  /** The joint value of `given`, which is needed in `layer`. */
  #value(given: readonly Value[], layer: string): JointValue {
    const [first] = given as [Value], known = this.#values.get(first.id);
    if (known !== undefined) {
      if (known.values.every((value, i) => value === given[i])) return known;
      throw this.#differ("a tensor", layer);
    }
    const fixed = given.every((value) => value.constant) && this.#rules.isFixed(given);
    const value = new JointValue(given, this.#runs, fixed);
    this.#values.set(first.id, value);
    if (!this.#inputs.has(first) && !(fixed && first.held !== null)) this.#waiting.push([value, layer]);
    return value;
  }

  /** Finds the call that a value comes from. */
  #produce(value: JointValue, layer: string): void {
    const producers = value.values.map(this.#rules.chosen), [first] = producers;
    if (first === undefined) throw this.#fromElsewhere(value, layer);
    const { call: { action, inputs, index, layer: own } } = first;
    const agree = producers.every((p) =>
      p !== undefined && p.output === first.output && nameOf(p.call.action) === nameOf(action) &&
      p.call.inputs.length === inputs.length
    );
    if (!agree) throw this.#differ(`${nameOf(action)}()`, own);
    let call = this.#calls.get(index);
    if (call === undefined) {
      const calls = producers.map((p) => p!.call);
      const given = inputs.map((_, i) => {
        const values = calls.map((one) => one.inputs[i]!);
        return isOverwritten(action, i)
          ? new JointValue(values, this.#runs, false)
          : this.#value(values, own);
      });
      call = new JointCall(calls, given, first.call.outputs.length, this.#runs);
      this.#calls.set(index, call);
    }
    call.outputs[first.output] = value;
  }

  #differ(what: string, layer: string): RangeError {
    const runs = this.#runs.map((run) => JSON.stringify(run)).join(", ");
    return new RangeError(
      `Cannot export a module as it must run the same operations whatever the extents of dynamic axes are: ${what}${
        layer && ` in ${layer}`
      } is reached on different ways at ${runs}`,
    );
  }

  #fromElsewhere({ first: { spec: { shape } } }: JointValue, layer: string): RangeError {
    return new RangeError(
      `Cannot export a module as tensors must come from its inputs, its parameters and buffers, or be made alike each time: ` +
        `one of shape [${shape}]${
          layer && ` in ${layer}`
        } is made on the host by what differs between calls, or was overwritten`,
    );
  }
}
