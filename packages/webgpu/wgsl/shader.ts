/** Puts the text of a shader together. */
import type { Body, ComputeType, DType, ScalarFunction } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import type { Traits } from "../device/probe.ts";
import type { Groups } from "../device/stream.ts";
import type { Operands } from "../operands.ts";
import type { Draft } from "../plan/plan.ts";
import { PER_BYTE } from "../plan/work.ts";
import { type Bound, elementType, loader, storer } from "./access.ts";
import { type BodyFunction, bodyFunction, farFunction } from "./body_function.ts";
import { type EntryPoint, entryText } from "./entry_point.ts";
import { prelude } from "./prelude.ts";
import { checkNumbers } from "./representable.ts";
import type { Lanes, NumberKind } from "./types.ts";
import { countStatements } from "./statements.ts";
import { WordLayout } from "./words.ts";

/** How the text of a shader begins. */
export interface ShaderOptions {
  /** Elements that a load or store takes; 1 by default. */
  readonly lanes?: Lanes;
  /** Which operands are the same for all lanes, and so are loaded singly. */
  readonly splat?: readonly boolean[];
  /** How many numbers the kernel has of its own. */
  readonly ownWords?: number;
}

/** What a dispatch reads besides offsets and scalars, and how much it does. */
export interface DispatchOptions {
  /** Threads that have something to do, as `numbers[0].w`. */
  readonly count?: number;
  /** The numbers of the kernel. */
  readonly own?: readonly number[];
  /** Steps of the loops of one thread; 1 by default. */
  readonly steps?: number;
  /** Operations of all threads together, where they are not what each operand and each body takes in each step. */
  readonly operations?: number;
}

/** A shader in the making: bindings and functions are added as they are asked for. */
export class ShaderText {
  readonly lanes: Lanes;
  /** Threads that see each other's values; see {@linkcode Traits}. */
  readonly subgroup: number;
  readonly #traits: Traits;
  readonly #directives = new Set<string>();
  readonly #operands: Operands;
  readonly #used = new Set<string>();
  readonly #functions = new Map<string, string | (() => string)>();
  readonly #bindings: string[];
  /** Bindings of fours, whatever the number of lanes. */
  readonly #quads = new Set<number>();
  readonly #splat: readonly boolean[];
  readonly #words: WordLayout;

  /** A shader on `operands`, to which nothing may be appended later. */
  constructor(traits: Traits, operands: Operands, options: ShaderOptions = {}) {
    const { lanes = 1, splat = [], ownWords = 0 } = options;
    this.lanes = lanes;
    this.subgroup = traits.subgroup;
    this.#traits = traits;
    this.#operands = operands;
    this.#bindings = operands.slots.map(() => "u32");
    operands.views.forEach(({ dtype, binding }, t) => {
      const width = splat[t] ? 1 : lanes;
      this.#bindings[binding] = elementType(dtype, width, operands.written[binding]!, traits.half);
      if (dtype === "float16" && traits.half) this.#directives.add("enable f16;");
    });
    this.#words = new WordLayout(operands, ownWords);
    this.#splat = splat;
  }

  /** Declares what the buffer of a binding is an array of. */
  declare(binding: number, type: string): void {
    this.#bindings[binding] = type;
  }

  /** Puts a function of the prelude in. */
  use(name: string): void {
    this.#used.add(name);
  }

  /** Says that the shader uses subgroups. */
  useSubgroups(): void {
    this.#directives.add(this.#traits.subgroupDirective);
  }

  /** Puts a function in, once for each name; text that depends on what is declared later is made at the end. */
  define(name: string, code: string | (() => string)): void {
    this.#functions.set(name, code);
  }

  /** Number `i` of the kernel, as u32. */
  word(i: number): string {
    return this.#words.own(i);
  }

  /**
   * A size of this call, as u32: a number that the dispatch reads, so that one shader does for calls of other sizes. For
   * bounds, where a constant would save nothing.
   */
  size(value: number): string {
    return this.#words.size(value);
  }

  /** The name of the function that loads operand `t` as a number of that kind, or as an i32 that is an index. */
  load(t: number, kind: NumberKind | "index"): string {
    const name = `load${t}${kind}`;
    if (!this.#functions.has(name)) {
      const { dtype, binding } = this.#operands.views[t]!, { half } = this.#traits;
      const lanes = this.#splat[t] ? 1 : this.lanes, offset = this.#offset(t, lanes), use = this.#user(lanes);
      const text = (): string =>
        loader(name, `b${binding}`, offset, dtype, kind, lanes, this.#bound(binding, lanes), half, use);
      // For the functions of the prelude that it uses.
      text();
      this.define(name, text);
    }
    return name;
  }

  /**
   * The name of the function that loads four elements of operand `t` at once, by
   * their number among the fours; undefined where its view does not begin with four,
   * or something is stored to its buffer as well.
   */
  loadQuad(t: number): string | undefined {
    const dtype = this.#declareQuad(t), name = `quad${t}`, { half } = this.#traits;
    if (dtype === undefined) return undefined;
    const { binding } = this.#operands.views[t]!;
    this.define(
      name,
      loader(name, `b${binding}`, this.#offset(t, 4), dtype, "f", 4, "plain", half, () => {}),
    );
    return name;
  }

  /** The name of the function that stores four elements of operand `t` at once, as {@linkcode ShaderText.loadQuad}. */
  storeQuad(t: number): string | undefined {
    const dtype = this.#declareQuad(t), name = `put${t}`, { half } = this.#traits;
    if (dtype === undefined) return undefined;
    const { binding } = this.#operands.views[t]!;
    this.define(name, storer(name, `b${binding}`, this.#offset(t, 4), dtype, "f", 4, half, () => {}));
    return name;
  }

  #bound(binding: number, lanes: Lanes): Bound {
    if (lanes === 1 && this.#quads.has(binding)) return "fours";
    return this.#bindings[binding] === "atomic<u32>" ? "atomic" : "plain";
  }

  /** Declares the buffer of operand `t` to be one of fours; its dtype if that can be. */
  #declareQuad(t: number): DType | undefined {
    const { views, written } = this.#operands,
      { dtype, binding, offset } = views[t]!,
      { half } = this.#traits;
    if (dtype !== "float32" && !(dtype === "float16" && half)) return undefined;
    const others = views.filter((v, o) => o !== t && v.binding === binding);
    if (offset % 4 !== 0 || others.some((v) => written[binding] || v.dtype !== dtype)) return undefined;
    this.declare(binding, elementType(dtype, 4, written[binding]!, half));
    this.#quads.add(binding);
    return dtype;
  }

  /** The name of the function that stores to operand `t`. */
  store(t: number, kind: NumberKind): string {
    const name = `store${t}${kind}`;
    if (!this.#functions.has(name)) {
      const { dtype, binding } = this.#operands.views[t]!, { lanes } = this, { half } = this.#traits;
      const offset = this.#offset(t, lanes), use = this.#user(lanes);
      this.define(name, storer(name, `b${binding}`, offset, dtype, kind, lanes, half, use));
    }
    return name;
  }

  /** The function that calculates `body`, with the scalars of the call unless others are given. */
  body(name: string, body: Body, compute: ComputeType, scalars?: readonly number[]): BodyFunction {
    const { code, fn } = bodyFunction(name, body, compute, {
      lanes: this.lanes,
      use: (f) => this.use(f),
      far: (f) => this.#far(f),
      scalar: this.#words.scalars(body, compute, scalars),
      draw: () => this.#words.draw(),
    });
    this.define(name, code);
    return fn;
  }

  /** A dispatch of the whole shader; `main` is its entry point with all that only this uses. */
  finish(label: string, main: EntryPoint, groups: Groups, options: DispatchOptions = {}): Draft {
    const { count = 0, own = [], steps = 1 } = options, [x, y, z] = groups;
    const { slots, written } = this.#operands;
    const source = (entry: string) => ({
      label,
      code: this.#code(entry),
      written: [...written],
      words: 4 * this.#words.vectors,
    });
    const { operations = x * y * z * main.threads * steps * this.#operationsOfStep() } = options;
    const whole = source(entryText(main));
    checkNumbers(label, whole.code, [count, ...own, ...this.#words.known]);
    return {
      source: whole,
      groups,
      slots: [...slots],
      words: this.#words.words(count, own),
      work: { operations, steps },
      parted: () => {
        const part = this.#words.part();
        return {
          source: source(entryText(main, part)),
          words: ({ first }) => this.#words.words(count, own, [first, x * y, z]),
        };
      },
    };
  }

  #code(entry: string): string {
    const { slots, written } = this.#operands;
    return [
      ...this.#directives,
      ...this.#bindings.map((type, binding) => {
        const access = written[binding] ? "read_write" : "read";
        return `@group(0) @binding(${binding}) var<storage, ${access}> b${binding}: array<${type}>;`;
      }),
      `@group(0) @binding(${slots.length}) var<uniform> numbers: array<vec4u, ${this.#words.vectors}>;`,
      this.#functionsText(),
      entry,
    ].join("\n");
  }

  #functionsText(): string {
    const own = this.#functions.values().map((code) => typeof code === "string" ? code : code());
    return [prelude(this.#used, this.lanes), ...own].join("\n");
  }

  /** An element of each operand is moved, and each function is called once. */
  #operationsOfStep(): number {
    const moved = this.#operands.views.reduce((sum, { dtype }) => sum + PER_BYTE * bytesOf(dtype), 0);
    return this.lanes * (moved + countStatements(this.#functionsText()));
  }

  #far(fn: ScalarFunction): string {
    const name = `far_${fn}`;
    if (!this.#functions.has(name)) {
      this.use("far_angle");
      this.define(name, farFunction(name, fn));
    }
    return name;
  }

  #offset(t: number, lanes: Lanes): string {
    const text = this.#words.offset(t);
    return text === undefined ? "0u" : lanes === 1 ? text : `${text} / 4u`;
  }

  #user(lanes: Lanes): (name: string) => void {
    return (name) => {
      if (lanes !== this.lanes) {
        throw new TypeError(`Cannot load single elements of a type that needs ${name}`);
      }
      this.use(name);
    };
  }
}
