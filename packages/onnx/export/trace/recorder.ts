/** Recording the calls of a run. */
import { Tensor } from "@troodon/core";
import type { CallListener, Op, OpCall } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import type { Action, Call, Value } from "./recording.ts";
import { type Entry, type Look, ValueTable } from "./value_table.ts";

/** Records the calls of one run, and the modules they run in. */
export class Recorder implements CallListener, Disposable {
  /** The calls so far. */
  readonly calls: Call[] = [];
  readonly #table = new ValueTable();
  readonly #layers: string[] = [];
  readonly #expands: (op: Op) => boolean;
  readonly #held: Tensor[] = [];
  #values = 0;

  /** Creates a recorder; ops for which `expands` returns true run as their composites. */
  constructor(expands: (op: Op) => boolean) {
    this.#expands = expands;
  }

  /** The path of the module that is running. */
  get layer(): string {
    return this.#layers.at(-1) ?? "";
  }

  /** Number of values so far. */
  get count(): number {
    return this.#values;
  }

  /** Adds an input of the module. */
  input(x: Tensor): Value {
    const value = this.#make(x, false);
    this.#table.add(x, value);
    return value;
  }

  /** Returns the value that `x` holds now; a tensor that no call produced is a constant. */
  value(x: Tensor): Value {
    const known = this.#table.find(x), base = this.#table.family(x)[0];
    if (known !== undefined && base !== undefined) return known.value ??= this.#again(base, known.path);
    const value = this.#make(x, base?.value?.constant !== false);
    this.#table.add(x, value);
    return value;
  }

  /** Enters the module at `path`. */
  enter(path: string): void {
    this.#layers.push(path);
  }

  /** Leaves the innermost module. */
  leave(): void {
    this.#layers.pop();
  }

  /**
   * Records a call of a module as a whole, in addition to its parts, which produced the values from number `since` on.
   * Ignores modules whose weights were computed from the inputs.
   */
  module(module: AnyModule, inputs: readonly Tensor[], outputs: readonly Tensor[], since: number): void {
    const made = outputs.map((y) => this.value(y)), fields: readonly unknown[] = Object.values(module);
    const computed = fields.some((field) => field instanceof Tensor && !this.value(field).constant);
    if (computed || made.some((value) => value.id < since)) return;
    this.#record({ kind: "module", module }, inputs.map((x) => this.value(x)), made);
  }

  /** See {@linkcode CallListener}. */
  expands(op: Op): boolean {
    return this.#expands(op);
  }

  /** See {@linkcode CallListener}. */
  heard({ op, params, inputs, outputs, inPlace }: OpCall): void {
    const action: Action = { kind: "op", op, params }, given = inputs.map((x) => this.value(x));
    const constant = given.every((value) => value.constant) && !isRandom(params);
    // An op that changes what its output holds was given a copy of its first input as that, which was heard of.
    if (inPlace || ("mutates" in op && op.mutates)) {
      return this.#overwritten(action, given, outputs[0]!, constant);
    }
    if (op.kind === "view") return this.#looked(action, given, inputs[0]!, outputs[0]!, { op, params });
    // A composite that gives what it was given, or a view of all of it, computes nothing.
    if (outputs.some((y) => given.includes(this.#table.find(y)?.value as Value))) return;
    const made = outputs.map((y) => {
      const known = this.#table.find(y)?.value;
      if (known) return known;
      const value = this.#make(y, constant);
      this.#table.add(y, value);
      return value;
    });
    this.#record(action, given, made);
  }

  /** See {@linkcode CallListener}. */
  read(x: Tensor): void {
    if (this.value(x).constant) return;
    throw new TypeError(
      `Cannot export a module as its graph must not depend on the elements of tensors: a tensor of shape [${x.shape}] that ` +
        `comes from the inputs is read${
          this.layer && ` in ${this.layer}`
        }, by item(), tolist(), a mask as an index, or to()`,
    );
  }

  /** Releases the elements of constants. */
  [Symbol.dispose](): void {
    for (const tensor of this.#held) tensor.dispose();
  }

  #record(action: Action, inputs: readonly Value[], outputs: readonly Value[]): void {
    const call: Call = { index: this.calls.length, action, inputs, outputs, layer: this.layer };
    this.calls.push(call);
    outputs.forEach((value, output) => value.producers.push({ call, output }));
  }

  #make(x: Tensor, constant: boolean): Value {
    const { shape, dtype } = x, held = constant ? x.detach(null) : null;
    if (held !== null) this.#held.push(held);
    return { id: this.#values++, spec: { shape, dtype }, producers: [], constant, source: x, held };
  }

  /** Records a view of `x`; a view with the same layout is the same value. */
  #looked(action: Action, given: readonly Value[], x: Tensor, y: Tensor, look: Look): void {
    const entry = this.#table.find(y);
    if (entry?.value) return;
    const value = this.#make(y, given[0]!.constant);
    if (entry) entry.value = value;
    else this.#table.add(y, value, [...this.#table.find(x)!.path, look]);
    this.#record(action, given, [value]);
  }

  /** Records that `y` was overwritten, and with it all views that share its elements. */
  #overwritten(action: Action, given: readonly Value[], y: Tensor, constant: boolean): void {
    this.value(y);
    const own = this.#table.find(y)!, family = this.#table.family(y), base = family[0]!;
    const written = this.#make(y, constant);
    this.#record(action, given, [written]);
    const whole = own.path.length === 0 || base.value === null
      ? null
      : this.#put(base.value, own.path, written);
    for (const entry of family) {
      if (entry.value && entry.value !== whole) entry.value.held = null;
      entry.value = null;
    }
    if (whole !== null) base.value = whole;
    own.value = written;
  }

  /** The whole `base` with `written` in the part that `path` leads to. */
  #put(base: Value, path: readonly Look[], written: Value): Value {
    const [{ op, params }, ...rest] = path as [Look, ...Look[]];
    const part = rest.length === 0 ? written : this.#put(this.#look(base, path[0]!), rest, written);
    const constant = base.constant && part.constant;
    // The handle sees the change.
    const changed: Value = { ...this.#like(base, constant), held: constant ? base.held : null };
    this.#record({ kind: "put", op, params }, [base, part], [changed]);
    return changed;
  }

  /** The value that `path` leads to, in memory that has changed since it was last read. */
  #again(base: Entry, path: readonly Look[]): Value {
    return path.reduce((value, look) => this.#look(value, look), base.value!);
  }

  #look(from: Value, { op, params }: Look): Value {
    const [spec] = op.infer([from.spec], params),
      value: Value = { ...this.#like(from, from.constant), spec: spec! };
    this.#record({ kind: "op", op, params }, [from], [value]);
    return value;
  }

  /** A value of the same kind as `other` that no tensor was seen to hold. */
  #like({ spec, source }: Value, constant: boolean): Value {
    return { id: this.#values++, spec, producers: [], constant, source, held: null };
  }
}

/** Returns true for calls that draw random numbers: their results are no constants. */
function isRandom(params: unknown): boolean {
  return typeof params === "object" && params !== null && "random" in params && params.random !== undefined;
}
