/** Draws programs: each statement runs as it is drawn, so that later ones can use its results. */
import { type Device, Generator, Tensor } from "@troodon/core";
import { HereRun, runHere } from "./here.ts";
import { fill, type Filling, isFloat } from "./numbers.ts";
import type { CallStatement, Outcome, Program, Statement, Trace } from "./program.ts";

/** Requirements for a new tensor. */
export interface Wanted {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly domain?: string | undefined;
  readonly range?: readonly [number, number] | undefined;
}

/** Variable that later statements can use. */
export interface Variable {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Program under construction. */
export class Draft {
  /** Generator of all random choices. */
  readonly generator: Generator;
  /** Floating dtype of most tensors. */
  readonly dtype: string;
  readonly #device: Device;
  readonly #run: HereRun;
  readonly #statements: Statement[] = [];
  readonly #steps: Outcome[] = [];
  readonly #variables: Variable[] = [];
  readonly #dtypes: readonly string[];
  #names = 0;
  #stale = false;

  /** Creates an empty program on a device; `seed` determines all random choices. */
  constructor(seed: number, device: Device) {
    this.generator = new Generator(seed);
    this.#run = new HereRun(device);
    this.#device = device;
    this.#dtypes = device.backend.limits.dtypes;
    this.dtype = this.choose([
      ...Array(6).fill("float32"),
      ...(this.#dtypes.includes("float64") ? ["float64", "float64"] : []),
      "float16",
      "bfloat16",
    ]);
  }

  /** Statements drawn so far. */
  get program(): Program {
    return this.#statements;
  }

  /** Returns the outcomes of the program in Troodon. */
  trace(): Trace {
    if (this.#stale) return runHere(this.#statements, this.#device);
    return { steps: this.#steps, end: this.#run.end() };
  }

  /** Names of the leaves that require a gradient. */
  get leaves(): readonly string[] {
    return this.#statements.flatMap((s) => "make" in s && s.make.grad === true ? [s.as] : []);
  }

  /** Variables that hold tensors. */
  get variables(): readonly Variable[] {
    return this.#variables;
  }

  /** Returns the value of a variable. */
  valueOf(name: string): unknown {
    return this.#run.valueOf(name);
  }

  /** Returns an integer from `low` to `high`, inclusive. */
  between(low: number, high: number): number {
    return high <= low ? low : low + this.generator.integer(high - low + 1);
  }

  /** Returns true with a given probability. */
  chance(probability: number): boolean {
    return this.generator.integer(1000) < probability * 1000;
  }

  /** Returns a random element of a list. */
  choose<T>(list: readonly T[]): T {
    return list[this.generator.integer(list.length)]!;
  }

  /** Returns a random dtype that the device supports. */
  anyDtype(): string {
    return this.choose(this.#dtypes);
  }

  /** Returns a new variable name. */
  name(prefix = "x"): string {
    return `${prefix}${this.#names++}`;
  }

  /** Adds a statement; returns true if Troodon accepts it. */
  add(statement: Statement, reusable = true): boolean {
    const outcome = this.#run.step(statement);
    this.#steps.push(outcome);
    const done = this.#named(statement, "y" in outcome);
    this.#statements.push(done);
    if ("e" in outcome || !("as" in done) || !reusable) return "y" in outcome;
    const names = typeof done.as === "string" ? [done.as] : done.as;
    for (const name of names) {
      const value = name === null ? null : this.#run.valueOf(name);
      if (value instanceof Tensor) this.#variables.push({ name: name!, tensor: value });
    }
    return true;
  }

  /** Adds a backward pass; mostly drops those refused for in-place changes, where the libraries differ. */
  back(name: string): void {
    this.add({ back: name });
    const last = this.#steps.at(-1)!;
    if ("e" in last && /changed by an in-place op/.test(last.e) && !this.chance(0.1)) {
      this.#statements.pop();
      this.#steps.pop();
      // Gradients may have been accumulated before the refusal.
      this.#stale = true;
    }
  }

  /** Returns the call with a name for each of its results, if there are several. */
  #named(statement: Statement, accepted: boolean): Statement {
    if (!accepted || !("call" in statement) || typeof statement.as !== "string") return statement;
    const value = this.#run.valueOf(statement.as);
    if (value instanceof Tensor || typeof value !== "object" || value === null) return statement;
    const parts: unknown[] = Array.isArray(value)
      ? value
      : Object.values(value).filter((one) => one !== undefined);
    if (
      parts.length === 0 || parts.length > 8 || !parts.every((one) => one instanceof Tensor || one === null)
    ) {
      return statement;
    }
    const as = parts.map(() => this.name());
    this.#run.unpack(statement.as, as, parts);
    return { ...statement, as };
  }

  /** Adds a new tensor, from literal data or as a view with other strides; returns its name. */
  fresh(wanted: Wanted, grad?: boolean): string {
    const { dtype, shape } = wanted;
    const leaf = grad ?? (isFloat(dtype) && this.chance(0.45));
    const filling: Filling = { ...wanted, wild: wanted.domain === undefined && this.chance(0.008) };
    if (wanted.domain === "l") {
      const scores = this.fresh({ shape, dtype }, grad), as = this.name();
      this.add({ as, call: "F.log_softmax", args: [{ v: scores }, -1] });
      return as;
    }
    const way = this.generator.integer(25), rank = shape.length;
    const made = (shape: readonly number[]): string => {
      const as = this.name(), make = fill(this.generator, { ...filling, shape });
      this.add({ as, make: leaf ? { ...make, grad: true } : make });
      return as;
    };
    const view = (call: string, of: string, ...args: CallStatement["args"]): string => {
      const as = this.name();
      this.add({ as, call, args: [{ v: of }, ...args] });
      return as;
    };
    if (way === 0 && rank >= 2 && wanted.domain !== "m" && wanted.domain !== "s") {
      const other = [...shape.slice(0, -2), shape[rank - 1]!, shape[rank - 2]!];
      return view("Tensor.transpose", made(other), -1, -2);
    }
    if (way === 1 && rank >= 1 && wanted.domain !== "m" && wanted.domain !== "s") {
      const other = shape.with(-1, shape[rank - 1]! * 2);
      return view("at", made(other), { dots: true }, { slice: [null, null, 2] });
    }
    if (way === 2 && this.chance(0.5) && rank >= 1 && wanted.domain === undefined) {
      return view("Tensor.expand", made(shape.with(0, 1)), [...shape]);
    }
    return made(shape);
  }
}
