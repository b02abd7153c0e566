/** Puts the text of a shader together. */
import { type Body, type ComputeType, type DType, lower, type ScalarFunction } from "@troodon/core";
import type { ShaderSource } from "../device/pipelines.ts";
import type { Traits } from "../device/probe.ts";
import type { Operands } from "../operands.ts";
import { elementType, loader, storer } from "./access.ts";
import { WgslMachine } from "./machine.ts";
import { HEADER, prelude } from "./prelude.ts";
import { kindOf, type Lanes, typeName } from "./types.ts";

/** The function of a shader that calculates a body. */
export interface BodyFunction {
  /** The type that it returns: with several outputs a struct of y0, y1, ... */
  readonly type: string;
  /** Inputs that it reads. */
  readonly inputs: readonly number[];
  /** Text that calls it. `element`: the element's number, for random ones. */
  call(
    input: (index: number) => string,
    position?: (axis: number) => string,
    element?: string,
  ): string;
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
  readonly #functions = new Map<string, string>();
  readonly #bindings: string[];
  readonly #offsets: number[];
  readonly #splat: readonly boolean[];
  readonly #ownWords: number;
  #words: number;

  /**
   * `splat` says which operands are the same for all lanes, and so are loaded
   * singly. After the header come the operands' offsets, `ownWords` numbers of
   * the kernel, and the scalars of its bodies.
   */
  constructor(
    traits: Traits,
    operands: Operands,
    lanes: Lanes = 1,
    splat: readonly boolean[] = [],
    ownWords = 0,
  ) {
    this.lanes = lanes;
    this.subgroup = traits.subgroup;
    this.#traits = traits;
    this.#operands = operands;
    this.#bindings = operands.buffers.map(() => "u32");
    operands.views.forEach(({ dtype, slot }, t) => {
      const width = splat[t] ? 1 : lanes;
      this.#bindings[slot] = elementType(dtype, width, operands.written[slot]!, traits.half);
      if (dtype === "float16" && traits.half) this.#directives.add("enable f16;");
    });
    let words: number = HEADER.size;
    this.#offsets = operands.views.map(({ offset }) => offset === 0 ? -1 : words++);
    this.#ownWords = words;
    this.#words = words + ownWords;
    this.#splat = splat;
  }

  /** Declares what the buffer of a binding is an array of. */
  declare(slot: number, type: string): void {
    this.#bindings[slot] = type;
  }

  /** Puts a function of the prelude in. */
  use(name: string): void {
    this.#used.add(name);
  }

  /** Says that the shader uses subgroups. */
  useSubgroups(): void {
    this.#directives.add(this.#traits.subgroupDirective);
  }

  /** Puts a function in, once for each name. */
  define(name: string, code: string): void {
    this.#functions.set(name, code);
  }

  /** Number `i` of the kernel, as u32. */
  word(i: number): string {
    return wordText(this.#ownWords + i);
  }

  /** Takes room for the scalars of `body`, in the order in which bodies are given. */
  #scalars(body: Body): number {
    const first = this.#words;
    this.#words += body.hostScalarCount;
    return first;
  }

  /** The name of the function that loads operand `t`. */
  load(t: number, kind: "f" | "i"): string {
    const name = `load${t}${kind}`;
    if (!this.#functions.has(name)) {
      const { dtype, slot } = this.#operands.views[t]!;
      const lanes = this.#splat[t] ? 1 : this.lanes;
      const atomic = this.#bindings[slot] === "atomic<u32>";
      this.define(
        name,
        loader(
          name,
          `b${slot}`,
          this.#offset(t, lanes),
          dtype,
          kind,
          lanes,
          atomic,
          this.#traits.half,
          this.#user(lanes),
        ),
      );
    }
    return name;
  }

  /**
   * The name of the function that loads four elements of operand `t` at once, by
   * their number among the fours; undefined where its buffer is not bound alone
   * or does not begin with four. Single ones cannot be loaded then.
   */
  loadQuad(t: number): string | undefined {
    const dtype = this.#declareQuad(t), name = `quad${t}`, { half } = this.#traits;
    if (dtype === undefined) return undefined;
    const { slot } = this.#operands.views[t]!;
    this.define(name, loader(name, `b${slot}`, this.#offset(t, 4), dtype, "f", 4, false, half, () => {}));
    return name;
  }

  /** The same of a function that stores four. */
  storeQuad(t: number): string | undefined {
    const dtype = this.#declareQuad(t), name = `put${t}`, { half } = this.#traits;
    if (dtype === undefined) return undefined;
    const { slot } = this.#operands.views[t]!;
    this.define(name, storer(name, `b${slot}`, this.#offset(t, 4), dtype, "f", 4, half, () => {}));
    return name;
  }

  /** Declares the buffer of operand `t` to be one of fours; its dtype if that can be. */
  #declareQuad(t: number): DType | undefined {
    const { views, written } = this.#operands, { dtype, slot, offset } = views[t]!, { half } = this.#traits;
    if (dtype !== "float32" && !(dtype === "float16" && half)) return undefined;
    if (offset % 4 !== 0 || views.some((v, o) => o !== t && v.slot === slot)) return undefined;
    this.declare(slot, elementType(dtype, 4, written[slot]!, half));
    return dtype;
  }

  /** The name of the function that stores to operand `t`. */
  store(t: number, kind: "f" | "i"): string {
    const name = `store${t}${kind}`;
    if (!this.#functions.has(name)) {
      const { dtype, slot } = this.#operands.views[t]!;
      this.define(
        name,
        storer(
          name,
          `b${slot}`,
          this.#offset(t, this.lanes),
          dtype,
          kind,
          this.lanes,
          this.#traits.half,
          this.#user(this.lanes),
        ),
      );
    }
    return name;
  }

  /** The function that calculates `body`. */
  body(name: string, body: Body, compute: ComputeType): BodyFunction {
    const kind = kindOf(compute), { lanes } = this;
    const [number, unsigned] = [typeName(kind, lanes), typeName("u", lanes)];
    const { program } = body;
    const first = this.#scalars(body);
    const machine = new WgslMachine(compute, { lanes, use: (f) => this.use(f), far: (fn) => this.#far(fn) });
    const inputs = new Set<number>(), axes = new Set<number>();
    let random = false;
    const lowering = new lower.Lowering(program, compute, machine, (leaf) => {
      switch (leaf.kind) {
        case "input":
          inputs.add(leaf.index);
          return machine.named(`x${leaf.index}`, kind);
        case "constant":
          return machine.constant(leaf.value);
        case "scalar": {
          const text = `bitcast<${typeName(kind, 1)}>(${wordText(first + leaf.index)})`;
          return machine.named(lanes === 1 ? text : `${number}(${text})`, kind);
        }
        case "coordinate":
          axes.add(leaf.axis);
          return machine.named(`${number}(p${leaf.axis})`, kind);
        case "random": {
          if (kind === "i") return machine.constant(0);
          random = true;
          this.use("philox");
          const bits = `block.${"abcd"[leaf.word]}`;
          return machine.named(
            `(${number}(${bits} >> ${unsigned}(8u)) * ${number}(5.9604644775390625e-8f))`,
            kind,
          );
        }
      }
    }, () => 2);
    lowering.emit(2);
    const results = program.outputs.map((_, o) => machine.text(lowering.output(o)));
    const type = results.length === 1 ? number : `Result_${name}`;
    const used = [...inputs].sort((a, b) => a - b), places = [...axes].sort((a, b) => a - b);
    const parameters = [
      ...used.map((i) => `x${i}: ${number}`),
      ...places.map((p) => `p${p}: ${unsigned}`),
      ...(random ? [`element: ${unsigned}`] : []),
    ];
    this.define(
      name,
      [
        ...(results.length === 1
          ? []
          : [`struct ${type} { ${results.map((_, o) => `y${o}: ${number}`).join(", ")} }`]),
        `fn ${name}(${parameters.join(", ")}) -> ${type} {`,
        ...(random ? ["  let block = philox(element);"] : []),
        ...machine.lines.map((line) => `  ${line}`),
        results.length === 1 ? `  return ${results[0]};` : `  return ${type}(${results.join(", ")});`,
        "}",
      ].join("\n"),
    );
    return {
      type,
      inputs: used,
      call(input, position, element): string {
        const args = [
          ...used.map(input),
          ...places.map((axis) => position!(axis)),
          ...(random ? [element!] : []),
        ];
        return `${name}(${args.join(", ")})`;
      },
    };
  }

  /** The whole shader; `main` are the lines of its entry point, after `attributes` and parameters. */
  finish(label: string, main: string): ShaderSource {
    const { buffers, written } = this.#operands;
    const words = Math.ceil(this.#words / 4) * 4;
    const code = [
      ...this.#directives,
      ...buffers.map((_, slot) =>
        `@group(0) @binding(${slot}) var<storage, ${written[slot] ? "read_write" : "read"}> b${slot}: array<${
          this.#bindings[slot]
        }>;`
      ),
      `@group(0) @binding(${buffers.length}) var<uniform> numbers: array<vec4u, ${words / 4}>;`,
      prelude(this.#used, this.lanes),
      ...this.#functions.values(),
      main,
    ].join("\n");
    return { label, code, written: [...written], words };
  }

  /** The name of a function that calculates `fn` of one number, however far from 0. */
  #far(fn: ScalarFunction): string {
    const name = `far_${fn}`;
    if (!this.#functions.has(name)) {
      this.use("far_angle");
      const machine = new WgslMachine("float32", { lanes: 1, use: () => {}, far: () => "" }, undefined, true);
      const near = machine.named("angle.r", "f");
      const sine = machine.text(lower.sin(machine, near)), cosine = machine.text(lower.cos(machine, near));
      const value = fn === "tan"
        ? "select(s / c, -c / s, odd)"
        : `select(1f, -1f, (angle.quarter & 2u) != 0u) * select(s, c, odd)`;
      this.define(
        name,
        [
          `fn ${name}(x: f32) -> f32 {`,
          "  var angle = far_angle(x);",
          ...(fn === "cos" ? ["  angle.quarter += 1u;"] : []),
          ...machine.lines.map((line) => `  ${line}`),
          `  let s = ${sine};`,
          `  let c = ${cosine};`,
          "  let odd = (angle.quarter & 1u) != 0u;",
          `  return ${value};`,
          "}",
        ].join("\n"),
      );
    }
    return name;
  }

  #offset(t: number, lanes: Lanes): string {
    const at = this.#offsets[t]!;
    return at < 0 ? "0u" : lanes === 1 ? wordText(at) : `${wordText(at)} / 4u`;
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

function wordText(i: number): string {
  return `numbers[${i >> 2}].${"xyzw"[i & 3]}`;
}
