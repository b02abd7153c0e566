/** The instructions of one function. */
import type { VectorBytes } from "../target.ts";
import { Bytes } from "./bytes.ts";
import { type AnyMemoryOp, type AnyOp, MEMORY, OPCODES } from "./instructions.ts";
import { LANE_MEMORY_OPS, type LaneMemoryOp } from "./opcodes.ts";
import { VALUE_TYPES, type ValueType } from "./value_type.ts";
import { LANE_OPS, type LaneOp } from "./vector_opcodes.ts";

/** A parameter or a local variable. */
export type Local = number;

/** A block or a loop, to branch to: how many surround it. */
export type Label = number;

const VOID = 0x40;
/** The most bytes of a function that V8 inlines. */
const INLINED = 500;

/**
 * Instructions of one function, appended in order. Every method pops and pushes
 * as WebAssembly's text format has it, and returns the code to go on with.
 */
export class Code {
  /** Which function of the module it is: what `call` takes. */
  readonly index: number;
  /** Bytes of a vector: 16, or 32 in modules that are only compiled to machine code. */
  readonly vectorBytes: VectorBytes;
  readonly #bytes = new Bytes();
  readonly #prologue = new Bytes();
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;
  #apart = false;
  #depth = 0;

  /** Function `index` with a number of parameters; made by {@linkcode ModuleBuilder}. */
  constructor(index: number, parameters: number, vectorBytes: VectorBytes = 16) {
    this.index = index;
    this.vectorBytes = vectorBytes;
    this.#parameters = parameters;
  }

  /** Declares a local, which starts at zero. */
  local(type: ValueType): Local {
    return this.#parameters + this.#locals.push(type) - 1;
  }

  /** Declares `count` locals. */
  locals(type: ValueType, count: number): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /** Pushes a local. */
  get(local: Local): this {
    this.#bytes.push(0x20).unsigned(local);
    return this;
  }

  /** Pops into a local. */
  set(local: Local): this {
    this.#bytes.push(0x21).unsigned(local);
    return this;
  }

  /** Copies the top of the stack into a local. */
  tee(local: Local): this {
    this.#bytes.push(0x22).unsigned(local);
    return this;
  }

  /** Appends instructions that have no immediates. */
  op(...names: AnyOp[]): this {
    for (const name of names) this.#opcode(OPCODES[name]);
    return this;
  }

  /** Appends a load or a store at the address on the stack plus `offset`. */
  memory(name: AnyMemoryOp, offset = 0, alignment: number = MEMORY[name][1]): this {
    this.#opcode(MEMORY[name][0]);
    this.#bytes.unsigned(alignment).unsigned(offset);
    return this;
  }

  /** Appends a load or a store of one lane. */
  laneMemory(
    name: LaneMemoryOp,
    lane: number,
    offset = 0,
    alignment: number = LANE_MEMORY_OPS[name][1],
  ): this {
    this.#opcode(LANE_MEMORY_OPS[name][0]);
    this.#bytes.unsigned(alignment).unsigned(offset).push(lane);
    return this;
  }

  /** Appends a read or a replacement of one lane. */
  lane(name: LaneOp, lane: number): this {
    this.#opcode(LANE_OPS[name]);
    this.#bytes.push(lane);
    return this;
  }

  /** Selects 16 bytes from the 32 of two vectors; in wide vectors, separately in each half of 16 bytes. */
  shuffle(bytes: readonly number[]): this {
    this.#opcode(0xfd00d);
    this.#bytes.push(...bytes);
    return this;
  }

  /** Picks 4 words from the 8 of two vectors. */
  shuffle32(a: number, b: number, c: number, d: number): this {
    return this.shuffle([a, b, c, d].flatMap((n) => [4 * n, 4 * n + 1, 4 * n + 2, 4 * n + 3]));
  }

  /** Picks 2 double words from the 4 of two vectors. */
  shuffle64(a: number, b: number): this {
    return this.shuffle32(2 * a, 2 * a + 1, 2 * b, 2 * b + 1);
  }

  /** Pushes an integer. */
  i32(value: number): this {
    this.#bytes.push(0x41).signed(value);
    return this;
  }

  /** Pushes an integer of 64 bits. */
  i64(value: bigint): this {
    this.#bytes.push(0x42).signed64(value);
    return this;
  }

  /** Pushes a float32. */
  f32(value: number): this {
    this.#bytes.push(0x43).float32(value);
    return this;
  }

  /** Pushes a float64. */
  f64(value: number): this {
    this.#bytes.push(0x44).float64(value);
    return this;
  }

  /** Pushes bytes as a vector, repeated until it is full. */
  v128(bytes: Uint8Array): this {
    this.#opcode(0xfd00c);
    this.#bytes.push(...this.#filled(bytes));
    return this;
  }

  /** Sets a vector local ahead of all other instructions: what loops need, set once. */
  first(local: Local, bytes: Uint8Array): this {
    this.#prologue.push(0xfd, 0x0c, ...this.#filled(bytes)).push(0x21).unsigned(local);
    return this;
  }

  /** Pushes a vector of words, repeated until it is full. */
  i32x4(...words: number[]): this {
    return this.v128(new Uint8Array(Int32Array.from(words).buffer));
  }

  /** Pushes a vector with a float32 in all lanes. */
  f32x4(value: number): this {
    return this.v128(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Pushes a vector with a float64 in all lanes. */
  f64x2(value: number): this {
    return this.v128(new Uint8Array(Float64Array.of(value).buffer));
  }

  /** Calls a function. */
  call(code: Pick<Code, "index">): this {
    this.#bytes.push(0x10).unsigned(code.index);
    return this;
  }

  /** A block; a branch to its label leaves it. */
  block(body: (exit: Label) => void): this {
    return this.#nest(0x02, body);
  }

  /** A loop; a branch to its label starts it over, otherwise it ends. */
  loop(body: (again: Label) => void): this {
    return this.#nest(0x03, body);
  }

  /** Runs `then` if the integer on the stack is not zero. */
  if(then: () => void, otherwise?: () => void): this {
    this.#bytes.push(0x04, VOID);
    this.#depth++;
    then();
    if (otherwise) {
      this.#bytes.push(0x05);
      otherwise();
    }
    this.#depth--;
    this.#bytes.push(0x0b);
    return this;
  }

  /** Branches. */
  br(label: Label): this {
    this.#bytes.push(0x0c).unsigned(this.#depth - label);
    return this;
  }

  /** Branches if the integer on the stack is not zero. */
  brIf(label: Label): this {
    this.#bytes.push(0x0d).unsigned(this.#depth - label);
    return this;
  }

  /** Copies bytes: pops destination, source, length. */
  memoryCopy(): this {
    this.#bytes.push(0xfc, 0x0a, 0, 0);
    return this;
  }

  /** Fills bytes: pops destination, byte, length. */
  memoryFill(): this {
    this.#bytes.push(0xfc, 0x0b, 0);
    return this;
  }

  /** Adds a constant to an i32 local. */
  increase(local: Local, by: number): this {
    return this.get(local).i32(by).op("i32.add").set(local);
  }

  /** Adds one i32 local to another. */
  advance(local: Local, by: Local): this {
    return this.get(local).get(by).op("i32.add").set(local);
  }

  /** While `index + step <= limit` (both unsigned i32 locals, `limit >= 0`): the body, then `index += step`. */
  countTo(index: Local, limit: Local, step: number, body: () => void): this {
    return this.block((exit) =>
      this.loop((again) => {
        this.get(limit).get(index).op("i32.sub").i32(step).op("i32.lt_s").brIf(exit);
        body();
        this.increase(index, step).br(again);
      })
    );
  }

  /** Runs the body as often as the i32 local `count` says, which is then zero. */
  repeat(count: Local, body: () => void): this {
    return this.block((exit) => {
      this.get(count).op("i32.eqz").brIf(exit);
      this.loop((again) => {
        body();
        this.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
      });
    });
  }

  /**
   * Keeps the engine from inlining the function: V8 inlines what has at most 500
   * bytes, and then finds worse registers for tight loops.
   */
  keepApart(): this {
    this.#apart = true;
    return this;
  }

  /** The finished body, with its locals in front. */
  finish(): Bytes {
    const groups: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last && last[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    const body = new Bytes().unsigned(groups.length);
    for (const [count, type] of groups) body.unsigned(count).push(VALUE_TYPES[type]);
    body.append(this.#prologue).append(this.#bytes);
    while (this.#apart && body.length <= INLINED) body.push(0x01);
    return body.push(0x0b);
  }

  #nest(opcode: number, body: (label: Label) => void): this {
    this.#bytes.push(opcode, VOID);
    body(++this.#depth);
    this.#depth--;
    this.#bytes.push(0x0b);
    return this;
  }

  #filled(bytes: Uint8Array): number[] {
    return Array.from({ length: this.vectorBytes }, (_, i) => bytes[i % bytes.length]!);
  }

  #opcode(opcode: number): void {
    if (opcode < 0x100) this.#bytes.push(opcode);
    else if (opcode < 0xfd000) this.#bytes.push(0xfc).unsigned(opcode & 0xff);
    else this.#bytes.push(0xfd).unsigned(opcode & 0xfff);
  }
}
