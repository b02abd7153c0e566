/** State of instruction selection for one function: the locations of operands, and the assembler. */
import { type Allocation, OWN } from "../native/allocate.ts";
import type { Arena } from "../native/arena.ts";
import { A, ADDRESS, B, C, type Constant, EXTRA, type Flow, OFFSET, TO, WORDS } from "../native/flow.ts";
import type { Hoisted } from "../native/hoist.ts";
import { F32, F64, I32, I64 } from "../native/operation.ts";
import type { Assembler } from "./assembler.ts";
import { type Register, STACK } from "./general.ts";
import type { Access } from "./general_instructions.ts";
import type { Label } from "./words.ts";

/** The register that holds the address of the WebAssembly memory. */
export const BASE: Register = 19;
/** The register that holds the frame of the entry, to which traps return. */
export const FRAME: Register = 20;
/** General registers for intermediate values. */
export const T0: Register = 16, T1: Register = 17;
/** The register for stack slots that are far from the stack pointer. */
const FAR: Register = 29;
/** Vector registers for intermediate values; V0 and V1 follow each other. */
export const V0: Register = 29, V1: Register = 30, V2: Register = 31;

/** Loads and stores of values by type. */
const LOADS: readonly Access[] = ["ldrw", "ldrx", "ldrS", "ldrD", "ldrQ"];
const STORES: readonly Access[] = ["strw", "strx", "strS", "strD", "strQ"];

/**
 * Returns the processor's register for one of the allocator's: vectors are v0 to v7 and v16 to v23, which calls may
 * overwrite.
 */
export function registerFor(allocated: number): Register {
  if (allocated < 16) return allocated;
  return allocated < 24 ? allocated - 16 : allocated - 8;
}

/** Options of {@linkcode Selector}. */
export interface SelectorOptions {
  readonly flow: Flow;
  readonly allocation: Allocation;
  /** Bytes of the stack frame. */
  readonly frame: number;
  /** Offset of the stack slots in the frame. */
  readonly slots: number;
  /** The code that ends the call where WebAssembly traps. */
  readonly trap: Label;
  /** Memory for lists of this function. */
  readonly arena: Arena;
}

/** Operands and registers of the current instruction. */
export class Selector {
  readonly asm: Assembler;
  readonly flow: Flow;
  /** Bytes of the stack frame. */
  readonly frame: number;
  /** The code that ends the call where WebAssembly traps. */
  readonly trap: Label;
  readonly #home: Int32Array;
  readonly #own: Int32Array;
  readonly #slots: number;
  /** Register that each constant is currently kept in, or -1. */
  readonly #kept: Int32Array;
  #at = 0;
  #own0 = 0;

  /** Makes a selector for one function. */
  constructor(asm: Assembler, { flow, allocation, frame, slots, trap, arena }: SelectorOptions) {
    this.asm = asm;
    this.flow = flow;
    this.frame = frame;
    this.trap = trap;
    this.#home = allocation.home;
    this.#own = allocation.own;
    this.#slots = slots;
    this.#kept = arena.words(flow.types.length, -1);
  }

  /** Makes an instruction the current one. */
  go(i: number): void {
    this.#at = i * WORDS;
    this.#own0 = i * OWN;
  }

  /** Returns a word of the instruction. */
  word(k: number): number {
    return this.flow.words[this.#at + k]!;
  }

  /** Returns the immediate of the instruction. */
  get extra(): number {
    return this.word(EXTRA);
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
  registerOf(v: number): Register {
    const home = this.#home[v]!;
    return home < 0 ? -1 : registerFor(home);
  }

  /** Returns the register of an operand, after loading it if needed. */
  register(k: number): Register {
    const v = this.word(k), home = this.registerOf(v);
    if (home >= 0) return home;
    if (this.#kept[v]! >= 0) return this.#kept[v]!;
    const own = registerFor(this.#own[this.#own0 + k - 1]!);
    this.loadInto(own, v);
    return own;
  }

  /** First operand in a register. */
  get a(): Register {
    return this.register(A);
  }

  /** Second operand in a register. */
  get b(): Register {
    return this.register(B);
  }

  /** Third operand in a register. */
  get c(): Register {
    return this.register(C);
  }

  /** The register that the result goes to. */
  get to(): Register {
    const home = this.registerOf(this.word(TO));
    return home >= 0 ? home : registerFor(this.#own[this.#own0]!);
  }

  /** Appends a load or a store at the address of the instruction. */
  access(name: Access, register: Register): void {
    const offset = this.word(OFFSET), { asm } = this;
    if (this.constant(ADDRESS) === undefined && offset === 0) {
      return asm.access(name, register, BASE, this.register(ADDRESS));
    }
    const rest = this.#addressUpTo(offset);
    this.accessAt(name, register, T0, rest);
  }

  /** Appends the address of the instruction's memory, and returns the register that holds it. */
  address(): Register {
    const rest = this.#addressUpTo(this.word(OFFSET));
    if (rest !== 0) this.#add(rest);
    return T0;
  }

  /** Puts an address into T0, except for the offset that is returned and must still be added. */
  #addressUpTo(offset: number): number {
    const constant = this.constant(ADDRESS), { asm } = this;
    if (constant) {
      asm.constant64(T0, BigInt((constant.value >>> 0) + offset));
      asm.integer("add", 64, T0, BASE, T0);
      return 0;
    }
    asm.addExtended(T0, BASE, this.register(ADDRESS));
    return offset;
  }

  #add(offset: number): void {
    const { asm } = this;
    if (offset < 4096) return asm.addConstant("add", 64, T0, T0, offset);
    asm.constant64(T1, BigInt(offset));
    asm.integer("add", 64, T0, T0, T1);
  }

  /** Appends a load or a store at a register plus any offset that is not negative. */
  accessAt(name: Access, register: Register, base: Register, offset: number): void {
    const { asm } = this;
    if (asm.reaches(name, offset)) return asm.accessAt(name, register, base, offset);
    asm.constant64(FAR, BigInt(offset));
    if (base === STACK) asm.addStack(FAR, FAR);
    else asm.integer("add", 64, FAR, base, FAR);
    asm.accessAt(name, register, FAR, 0);
  }

  /** Stores the result if it is on the stack. */
  finish(): void {
    const v = this.word(TO);
    if (v >= 0 && this.registerOf(v) < 0 && this.#own[this.#own0]! >= 0) this.storeFrom(this.to, v);
  }

  /** Loads a virtual register from the stack, or a constant. */
  loadInto(register: Register, v: number): void {
    const { asm, flow } = this, type = flow.types[v]!, constant = flow.constants[v];
    if (!constant) this.load(register, type, STACK, this.#slot(v));
    else if (type === I32) asm.constant32(register, constant.value);
    else if (type === I64) {
      const value = new DataView(constant.bytes.buffer, constant.bytes.byteOffset).getBigInt64(0, true);
      asm.constant64(register, BigInt.asUintN(64, value));
    } else if (constant.bytes.every((byte) => byte === 0)) asm.zero(register);
    else {
      const bytes = new Uint8Array(16);
      bytes.set(constant.bytes.subarray(0, 16));
      asm.loadConstant(register, bytes);
    }
  }

  /** Copies a constant from the register that it is kept in, if there is one; otherwise works as `loadInto`. */
  loadKept(register: Register, v: number): void {
    const kept = this.#kept[v]!;
    if (kept >= 0) this.copy(register, kept, this.flow.types[v]!);
    else this.loadInto(register, v);
  }

  /** Loads a value of a type. */
  load(register: Register, type: number, base: Register, offset: number): void {
    this.accessAt(LOADS[type]!, register, base, offset);
  }

  /** Stores a value of a type. */
  store(register: Register, type: number, base: Register, offset: number): void {
    this.accessAt(STORES[type]!, register, base, offset);
  }

  /** Stores a register to the stack slot of a virtual register. */
  storeFrom(register: Register, v: number): void {
    this.store(register, this.flow.types[v]!, STACK, this.#slot(v));
  }

  /** Copies a register of a type. */
  copy(to: Register, from: Register, type: number): void {
    if (to === from) return;
    if (type <= I64) this.asm.move(type === I64 ? 64 : 32, to, from);
    else if (type === F32 || type === F64) this.asm.scalarOne("fmov", type === F64 ? 64 : 32, to, from);
    else this.asm.moveVector(to, from);
  }

  /** Loads constants that stay in registers during a loop. */
  keep(hoisted: readonly Hoisted[]): void {
    for (const { constant, register } of hoisted) {
      this.loadInto(registerFor(register), constant);
      this.#kept[constant] = registerFor(register);
    }
  }

  /** Frees the registers of constants at the end of a loop. */
  release(hoisted: readonly Hoisted[]): void {
    for (const { constant } of hoisted) this.#kept[constant] = -1;
  }

  /** Loads a constant of words of 32 bits, repeated, into a register. */
  words(register: Register, ...words: number[]): void {
    const lanes = Int32Array.from({ length: 4 }, (_, i) => words[i % words.length]!);
    this.asm.loadConstant(register, new Uint8Array(lanes.buffer));
  }

  #slot(v: number): number {
    return this.#slots + (-1 - this.#home[v]!) * 16;
  }
}
