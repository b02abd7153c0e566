/** State of instruction selection for one function: the locations of operands, and the assembler. */
import { type Allocation, OWN, OWN_INTEGER, OWN_VECTOR } from "../native/allocate.ts";
import type { Arena } from "../native/arena.ts";
import { A, ADDRESS, B, C, type Constant, EXTRA, type Flow, OFFSET, OP, TO, WORDS } from "../native/flow.ts";
import type { Hoisted } from "../native/hoist.ts";
import { F32, F64, I32, I64, V128 } from "../native/operation.ts";
import { type Assembler, BASE, type MEMORY, type POOL, RSP } from "./assembler.ts";
import { vex } from "./entry.ts";

const MOVAPS = vex(1, 0, 0x28), MOVUPS = vex(1, 0, 0x10), MOVUPS_STORE = vex(1, 0, 0x11);
const MOVSS = vex(1, 2, 0x10), MOVSS_STORE = vex(1, 2, 0x11);
const MOVSD = vex(1, 3, 0x10), MOVSD_STORE = vex(1, 3, 0x11);
const XORPS = vex(1, 0, 0x57);

/** Options of {@linkcode Selector}. */
export interface SelectorOptions {
  readonly flow: Flow;
  readonly allocation: Allocation;
  /** True if vectors have 32 bytes. */
  readonly wide: boolean;
  /** Bytes of the stack frame. */
  readonly frame: number;
  /** Offset of the stack slots in the frame. */
  readonly slots: number;
  /** Label of the code that ends the call where WebAssembly traps. */
  readonly trap: number;
  readonly arena: Arena;
}

/** Operands and registers of the current instruction. */
export class Selector {
  readonly asm: Assembler;
  readonly flow: Flow;
  /** True if vectors have 32 bytes. */
  readonly wide: boolean;
  /** Bytes of the stack frame. */
  readonly frame: number;
  /** Label of the code that ends the call where WebAssembly traps. */
  readonly trap: number;
  /** The 32-bit register that the zero flag reflects if the code ends at `flagsAt`. */
  flagsOf = -1;
  /** Code position for which `flagsOf` is valid. */
  flagsAt = -1;
  readonly #home: Int32Array;
  readonly #own: Int32Array;
  readonly #slots: number;
  /** Register that each constant is currently kept in, or -1. */
  readonly #kept: Int32Array;
  #words: Int32Array;
  #at = 0;
  #own0 = 0;

  /** Makes a selector for one function. */
  constructor(asm: Assembler, { flow, allocation, wide, frame, slots, trap, arena }: SelectorOptions) {
    this.asm = asm;
    this.flow = flow;
    this.wide = wide;
    this.frame = frame;
    this.trap = trap;
    this.#home = allocation.home;
    this.#own = allocation.own;
    this.#slots = slots;
    this.#kept = arena.words(flow.types.length, -1);
    this.#words = flow.words;
  }

  /** Makes an instruction the current one. */
  go(i: number): void {
    this.#at = i * WORDS;
    this.#own0 = i * OWN;
  }

  /** Returns a word of the instruction. */
  word(k: number): number {
    return this.#words[this.#at + k]!;
  }

  /** Returns the immediate of the instruction. */
  get extra(): number {
    return this.#words[this.#at + EXTRA]!;
  }

  /** Returns the constant operand at an index of the instruction, or undefined. */
  constant(k: number): Constant | undefined {
    const v = this.word(k);
    return v < 0 ? undefined : this.flow.constants[v];
  }

  /** Returns the type of the operand at an index. */
  type(k: number): number {
    return this.flow.types[this.word(k)]!;
  }

  /** Returns the processor's register of a virtual register; -1 if it is on the stack. */
  registerOf(v: number): number {
    const home = this.#home[v]!;
    return home < 0 ? -1 : home & 15;
  }

  /** Returns the register of an operand, after loading it if needed. */
  register(k: number): number {
    const v = this.word(k), home = this.registerOf(v);
    if (home >= 0) return home;
    if (this.#kept[v]! >= 0) return this.#kept[v]!;
    const own = this.#reserved(k - 1);
    this.loadInto(own, v);
    return own;
  }

  /** First operand in a register. */
  get a(): number {
    return this.register(A);
  }

  /** Second operand in a register. */
  get b(): number {
    return this.register(B);
  }

  /** Third operand in a register. */
  get c(): number {
    return this.register(C);
  }

  /** Returns true if an operand is in memory and no register is reserved for it. */
  isInMemory(k: number): boolean {
    const v = this.word(k);
    if (v < -1) return true;
    return this.registerOf(v) < 0 && this.#kept[v]! < 0 && this.#own[this.#own0 + k - 1]! < 0;
  }

  /** Returns true if an operand has a register for this instruction alone. */
  isLoaded(k: number): boolean {
    const v = this.word(k);
    return this.registerOf(v) < 0 && this.#kept[v]! < 0 && this.#own[this.#own0 + k - 1]! >= 0;
  }

  /** Loads an operand that has a register for this instruction alone into another one, and returns that. */
  loadFirst(register: number, k: number): number {
    this.loadInto(register, this.word(k));
    return register;
  }

  /** Returns the register of an operand, or selects it in memory. The instruction must come right after this call. */
  operand(k: number): number {
    const v = this.word(k);
    if (v < -1) return this.address();
    const home = this.registerOf(v);
    if (home >= 0) return home;
    if (this.#kept[v]! >= 0) return this.#kept[v]!;
    const own = this.#own[this.#own0 + k - 1]!;
    if (own >= 0) return this.register(k);
    const constant = this.flow.constants[v];
    return constant ? this.asm.constant(constant.bytes) : this.slot(v);
  }

  /** Selects the memory that the instruction accesses, `more` bytes on. */
  address(more = 0): typeof MEMORY {
    const offset = this.word(OFFSET) + more, constant = this.constant(ADDRESS);
    if (constant) {
      const sum = (constant.value >>> 0) + offset;
      if (sum < 0x80000000) return this.asm.at(BASE, -1, sum);
    }
    return this.asm.at(BASE, this.register(ADDRESS), offset);
  }

  /** Selects the stack slot of a virtual register, `more` bytes on. */
  slot(v: number, more = 0): typeof MEMORY {
    return this.asm.at(RSP, -1, this.#slots + (-1 - this.#home[v]!) * (this.wide ? 32 : 16) + more);
  }

  /** The register that the result goes to. */
  get to(): number {
    const home = this.registerOf(this.word(TO));
    return home >= 0 ? home : this.#reserved(0);
  }

  /** Register `n` for intermediate vectors. */
  vector(n: number): number {
    return this.#reserved(OWN_VECTOR + n);
  }

  /** Register `n` for intermediate integers. */
  integer(n: number): number {
    return this.#reserved(OWN_INTEGER + n);
  }

  /** Returns a register that the allocator has reserved for this instruction. */
  #reserved(place: number): number {
    const own = this.#own[this.#own0 + place]!;
    if (own < 0) {
      throw new TypeError(
        `Cannot select operation ${this.word(OP)} as operand ${place} must have a register`,
      );
    }
    return own & 15;
  }

  /** Stores the result if it is on the stack. */
  finish(): void {
    const v = this.word(TO);
    if (v >= 0 && this.registerOf(v) < 0 && this.#own[this.#own0]! >= 0) this.storeFrom(this.to, v);
  }

  /** Loads a virtual register from the stack, or a constant. */
  loadInto(register: number, v: number): void {
    const { asm, flow } = this, type = flow.types[v]!, constant = flow.constants[v];
    if (!constant) this.load(register, type, this.slot(v));
    else if (type === I32) asm.set(register, constant.value);
    else if (type === I64) {
      const value = new DataView(constant.bytes.buffer, constant.bytes.byteOffset).getBigInt64(0, true);
      if (value >= 0n && value < 0x80000000n) asm.set(register, Number(value));
      else asm.set64(register, value);
    } else if (constant.bytes.every((byte) => byte === 0)) {
      asm.vector(XORPS, false, register, register, register);
    } else this.load(register, type, asm.constant(constant.bytes));
  }

  /** Copies a constant from the register that it is kept in, if there is one; otherwise works as `loadInto`. */
  loadKept(register: number, v: number): void {
    const kept = this.#kept[v]!;
    if (kept >= 0) this.copy(register, kept, this.flow.types[v]!);
    else this.loadInto(register, v);
  }

  /** Loads a value of a type from selected memory. */
  load(register: number, type: number, rm: number): void {
    const { asm } = this;
    if (type <= I64) asm.load(register, rm, type === I64);
    else if (type === F32) asm.vector(MOVSS, false, register, 0, rm);
    else if (type === F64) asm.vector(MOVSD, false, register, 0, rm);
    else asm.vector(MOVUPS, this.wide, register, 0, rm);
  }

  /** Stores a value of a type to selected memory. */
  store(register: number, type: number, rm: number): void {
    const { asm } = this;
    if (type <= I64) asm.store(rm, register, type === I64);
    else if (type === F32) asm.vector(MOVSS_STORE, false, register, 0, rm);
    else if (type === F64) asm.vector(MOVSD_STORE, false, register, 0, rm);
    else asm.vector(MOVUPS_STORE, this.wide, register, 0, rm);
  }

  /** Stores a register to the stack slot of a virtual register. */
  storeFrom(register: number, v: number): void {
    this.store(register, this.flow.types[v]!, this.slot(v));
  }

  /** Copies a register of a type. */
  copy(to: number, from: number, type: number): void {
    if (to === from) return;
    if (type <= I64) this.asm.load(to, from, type === I64);
    else this.asm.vector(MOVAPS, this.wide && type === V128, to, 0, from);
  }

  /** Loads constants that stay in registers during a loop. */
  keep(hoisted: readonly Hoisted[]): void {
    for (const { constant, register } of hoisted) {
      this.loadInto(register & 15, constant);
      this.#kept[constant] = register & 15;
    }
  }

  /** Frees the registers of constants at the end of a loop. */
  release(hoisted: readonly Hoisted[]): void {
    for (const { constant } of hoisted) this.#kept[constant] = -1;
  }

  /** Appends a vector instruction of the module's width. */
  v(spec: number, to: number, second: number, rm: number, immediate = -1): void {
    this.asm.vector(spec, this.wide, to, second, rm, immediate);
  }

  /** Appends a vector instruction of 16 bytes. */
  x(spec: number, to: number, second: number, rm: number, immediate = -1): void {
    this.asm.vector(spec, false, to, second, rm, immediate);
  }

  /** Selects a constant of the module's vectors: words of 32 bits, repeated. */
  words(...words: number[]): typeof POOL {
    const length = this.wide ? 8 : 4;
    const lanes = Int32Array.from({ length }, (_, i) => words[i % words.length]!);
    return this.asm.constant(new Uint8Array(lanes.buffer));
  }
}
