/** Generates random modules: nested loops and branches over locals of all types, more than there are registers. */
import { type Code, type Label, type Local, ModuleBuilder } from "../wasm/assembler.ts";
import type { AnyOp } from "../wasm/instructions.ts";
import type { ValueType } from "../wasm/value_type.ts";
import { END, RESULT } from "./operation_cases_test.ts";

const BINARY: Readonly<Record<ValueType, readonly AnyOp[]>> = {
  i32: [
    "i32.add",
    "i32.sub",
    "i32.mul",
    "i32.and",
    "i32.xor",
    "i32.shl",
    "i32.shr_u",
    "i32.lt_s",
    "i32.ge_u",
    "i32.eq",
  ],
  i64: ["i64.add", "i64.sub", "i64.mul", "i64.or", "i64.shr_s"],
  f32: ["f32.add", "f32.sub", "f32.mul", "f32.min"],
  f64: ["f64.add", "f64.sub", "f64.mul", "f64.max"],
  v128: [
    "f32x4.add",
    "f32x4.mul",
    "f32x4.min",
    "i32x4.add",
    "i32x4.mul",
    "v128.xor",
    "i32x4.gt_s",
    "f32x4.pmax",
  ],
};
const SCALARS = ["i32", "i64", "f32", "f64"] as const;
const ALL = [...SCALARS, "v128"] as const;

/** Appends random statements to a function. */
class RandomCode {
  readonly #code: Code;
  readonly #random: (below: number) => number;
  readonly #locals: Readonly<Record<ValueType, readonly Local[]>>;
  readonly #callees: readonly Code[];
  readonly #labels: Label[] = [];
  #left: number;

  constructor(
    code: Code,
    parameters: readonly Local[],
    random: (below: number) => number,
    callees: readonly Code[],
  ) {
    this.#code = code;
    this.#random = random;
    this.#callees = callees;
    this.#left = 20 + random(60);
    const make = (type: ValueType, most: number): Local[] => code.locals(type, 2 + random(most));
    this.#locals = {
      i32: [...parameters, ...make("i32", 16)],
      i64: make("i64", 6),
      f32: make("f32", 6),
      f64: make("f64", 6),
      v128: make("v128", 22),
    };
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)]!;
  }

  /** Pushes a value. */
  push(type: ValueType, depth = 0): void {
    const code = this.#code, kind = this.#random(depth > 2 ? 5 : 9);
    if (kind < 4) code.get(this.#pick(this.#locals[type]));
    else if (kind === 4) this.#constant(type);
    else if (kind === 5) {
      if (type === "v128" && this.#random(2) === 0) {
        code.get(0).memory("v128.load32_splat", 4 * this.#random(64));
      } else code.get(0).memory(`${type}.load`, 4 * this.#random(100));
    } else if (kind === 6 && type === "v128") {
      for (let i = 0; i < 3; i++) this.push("v128", depth + 1);
      code.op(this.#pick(["f32x4.relaxed_madd", "f32x4.relaxed_nmadd", "v128.bitselect"] as const));
    } else if (kind === 6 && type === "i32") {
      this.push("v128", depth + 1);
      code.op(this.#pick(["v128.any_true", "i32x4.bitmask"] as const));
    } else if (kind === 7 && type === "v128") {
      this.push("i32", depth + 1);
      code.op("i32x4.splat");
    } else if (kind === 7 && type !== "v128") {
      for (const operand of [type, type, "i32"] as const) this.push(operand, depth + 1);
      code.op("select");
    } else {
      this.push(type, depth + 1);
      this.push(type, depth + 1);
      code.op(this.#pick(BINARY[type]));
    }
  }

  #constant(type: ValueType): void {
    const code = this.#code, n = this.#random(200) - 100;
    if (type === "i32") code.i32(n);
    else if (type === "i64") code.i64(BigInt(n) << BigInt(this.#random(50)));
    else if (type === "f32") code.f32(n / 4);
    else if (type === "f64") code.f64(n / 4);
    else code.f32x4(n);
  }

  /** Appends statements until the budget is used up. */
  statements(nesting: number): void {
    for (let n = 1 + this.#random(8); n > 0 && this.#left > 0; n--) this.#statement(nesting);
  }

  #statement(nesting: number): void {
    const code = this.#code, kind = this.#random(nesting > 3 ? 8 : 13), type = this.#pick(ALL);
    this.#left--;
    // The first parameter stays the address, and the last integer counts loops.
    const target = type === "i32" ? this.#pick(this.#locals.i32.slice(1)) : this.#pick(this.#locals[type]);
    if (kind < 5) {
      this.push(type);
      if (kind === 0) code.tee(target).set(this.#pick(this.#locals[type].slice(type === "i32" ? 1 : 0)));
      else code.set(target);
    } else if (kind === 5) {
      code.get(0);
      this.push(type);
      code.memory(`${type}.store`, RESULT + 4 * this.#random(64));
    } else if (kind === 6 && this.#labels.length > 0) {
      const label = this.#pick(this.#labels);
      this.push("i32");
      code.brIf(label);
    } else if (kind === 7 && this.#callees.length > 0) {
      code.get(0);
      this.push("i32");
      code.call(this.#pick(this.#callees)).set(this.#pick(this.#locals.i32.slice(1)));
    } else if (kind < 10) {
      this.push("i32");
      code.if(
        () => this.statements(nesting + 1),
        this.#random(2) === 0 ? () => this.statements(nesting + 1) : undefined,
      );
    } else if (kind === 10) {
      code.block((label) => {
        this.#labels.push(label);
        this.statements(nesting + 1);
        this.#labels.pop();
      });
    } else this.#loop(nesting);
  }

  #loop(nesting: number): void {
    const code = this.#code, count = code.local("i32");
    code.i32(1 + this.#random(3)).set(count);
    if (this.#random(2) === 0) code.repeat(count, () => this.statements(nesting + 1));
    else {
      const index = code.local("i32");
      code.i32(0).set(index).countTo(index, count, 1, () => this.statements(nesting + 1));
    }
  }

  /** Stores what all locals hold. */
  finish(): void {
    const code = this.#code;
    let offset = RESULT + 256;
    for (const type of ALL) {
      for (const local of this.#locals[type]) {
        if (offset + 32 > END) return;
        if (type === "i32" && local === 0) continue;
        code.get(0).get(local).memory(`${type}.store`, offset);
        offset += 32;
      }
    }
  }
}

/** A module with a function "run" of an address and a number, and some that it calls. */
export function randomModule(random: (below: number) => number): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(), callees: Code[] = [];
  for (let n = random(3); n >= 0; n--) {
    const code = module.function({
      params: ["i32", "i32"],
      results: ["i32"],
      ...n === 0 && { export: "run" },
    });
    const body = new RandomCode(code, [0, 1], random, callees);
    body.statements(0);
    body.statements(0);
    if (n === 0) body.finish();
    body.push("i32");
    callees.push(code);
  }
  return module.finish();
}
