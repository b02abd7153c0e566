/** General registers, scalars, loads and stores of AArch64. */
import {
  ACCESS,
  type Access,
  type Condition,
  CONDITIONS,
  CONVERT,
  type Convert,
  SCALAR_ONE,
  SCALAR_TWO,
  type ScalarOne,
  type ScalarTwo,
  THREE_REGISTERS,
  type ThreeRegisters,
} from "./general_instructions.ts";
import { Words } from "./words.ts";

/** Number of a register, 0 to 31; 31 is zero or, in addresses, the stack pointer. */
export type Register = number;

/** Width of an integer instruction. */
export type IntegerBits = 32 | 64;

/** Precision of a scalar floating-point instruction. */
export type FloatBits = 32 | 64;

/** The register that reads as zero. */
export const ZERO: Register = 31;
/** The stack pointer, in addresses. */
export const STACK: Register = 31;

/** Instructions on general registers and scalars; labels and constants are in {@linkcode Words}. */
export class GeneralAssembler extends Words {
  /** Appends an integer instruction on three registers. */
  integer(
    name: ThreeRegisters,
    bits: IntegerBits,
    to: Register,
    a: Register,
    b: Register,
  ): void {
    this.word(THREE_REGISTERS[name] | wide(bits) | b << 16 | a << 5 | to);
  }

  /** Appends `to = c + a * b`, or `c - a * b`. */
  multiplyAdd(
    name: "madd" | "msub",
    bits: IntegerBits,
    to: Register,
    a: Register,
    b: Register,
    c: Register,
  ): void {
    this.word(0x1b000000 | wide(bits) | b << 16 | Number(name === "msub") << 15 | c << 10 | a << 5 | to);
  }

  /**
   * Appends an addition or subtraction of a constant from 0 to 4095, times 4096 if `high`; "subs" sets the flags.
   * Register 31 is the stack pointer, but as the destination of "subs" it is zero.
   */
  addConstant(
    name: "add" | "sub" | "subs",
    bits: IntegerBits,
    to: Register,
    from: Register,
    constant: number,
    high: boolean = false,
  ): void {
    const opcode = { add: 0x11000000, sub: 0x51000000, subs: 0x71000000 }[name];
    this.word(opcode | wide(bits) | Number(high) << 22 | constant << 10 | from << 5 | to);
  }

  /** Appends `to = a + b` on 64 bits, where `b` has 32 bits without a sign. */
  addExtended(to: Register, a: Register, b: Register): void {
    this.word(0x8b204000 | b << 16 | a << 5 | to);
  }

  /** Appends `to = stack pointer + b` on 64 bits. */
  addStack(to: Register, b: Register): void {
    this.word(0x8b206000 | b << 16 | STACK << 5 | to);
  }

  /** Appends a shift by a constant less than the width. */
  shift(name: "lsl" | "lsr" | "asr", bits: IntegerBits, to: Register, from: Register, by: number): void {
    const opcode = (name === "asr" ? 0x13000000 : 0x53000000) | wide(bits) | (bits === 64 ? 1 << 22 : 0);
    const [rotate, last] = name === "lsl" ? [(bits - by) % bits, bits - 1 - by] : [by, bits - 1];
    this.word(opcode | rotate << 16 | last << 10 | from << 5 | to);
  }

  /** Appends the extension of a signed number of 8, 16 or 32 bits. */
  signExtend(bits: IntegerBits, to: Register, from: Register, width: 8 | 16 | 32): void {
    this.word(0x13000000 | wide(bits) | (bits === 64 ? 1 << 22 : 0) | width - 1 << 10 | from << 5 | to);
  }

  /** Appends a copy between general registers; of 32 bits it clears the upper half. */
  move(bits: IntegerBits, to: Register, from: Register): void {
    this.integer("orr", bits, to, ZERO, from);
  }

  /** Appends the one or two instructions that set a register to an int32. */
  constant32(to: Register, value: number): void {
    const low = value & 0xffff, high = value >>> 16;
    if (high === 0xffff) return this.word(0x12800000 | (~low & 0xffff) << 5 | to);
    this.word(0x52800000 | low << 5 | to);
    if (high !== 0) this.word(0x72a00000 | high << 5 | to);
  }

  /** Appends the one to four instructions that set a register to 64 bits. */
  constant64(to: Register, value: bigint): void {
    const parts = [0, 1, 2, 3].map((part) => ({ part, bits: Number(value >> BigInt(16 * part) & 0xffffn) }));
    const set = parts.filter(({ bits }) => bits !== 0);
    (set.length > 0 ? set : parts.slice(0, 1)).forEach(({ part, bits }, i) => {
      this.word((i > 0 ? 0xf2800000 : 0xd2800000) | part << 21 | bits << 5 | to);
    });
  }

  /** Appends the count of leading zeros, or the reversal of all bits. */
  bits(name: "clz" | "rbit", bits: IntegerBits, to: Register, from: Register): void {
    this.word((name === "clz" ? 0x5ac01000 : 0x5ac00000) | wide(bits) | from << 5 | to);
  }

  /** Appends `to = condition ? a : b`. */
  select(bits: IntegerBits, to: Register, a: Register, b: Register, condition: Condition): void {
    this.word(0x1a800000 | wide(bits) | b << 16 | CONDITIONS[condition] << 12 | a << 5 | to);
  }

  /** Appends `to = condition ? 1 : 0`. */
  setIf(to: Register, condition: Condition): void {
    this.word(0x1a9f07e0 | (CONDITIONS[condition] ^ 1) << 12 | to);
  }

  /** Appends a load or a store at `base` plus the unsigned 32-bit register `index`. */
  access(name: Access, register: Register, base: Register, index: Register): void {
    this.word(ACCESS[name][0] | index << 16 | base << 5 | register);
  }

  /**
   * Appends a load or a store at `base` plus a constant: a multiple of the size below 4096 times the size, or -256 to
   * 255.
   */
  accessAt(name: Access, register: Register, base: Register, offset: number): void {
    const [opcode, log] = ACCESS[name], plain = opcode & ~0x00204c00;
    const scaled = offset / 2 ** log;
    if (Number.isInteger(scaled) && scaled >= 0 && scaled < 4096) {
      this.word(plain | 0x01000000 | scaled << 10 | base << 5 | register);
    } else if (offset >= -256 && offset < 256) {
      this.word(plain | (offset & 0x1ff) << 12 | base << 5 | register);
    } else throw new RangeError(`Cannot emit ${name} as its offset must fit: it is ${offset}`);
  }

  /** Returns true if {@linkcode accessAt} takes the offset. */
  reaches(name: Access, offset: number): boolean {
    const scaled = offset / 2 ** ACCESS[name][1];
    return (Number.isInteger(scaled) && scaled >= 0 && scaled < 4096) || (offset >= -256 && offset < 256);
  }

  /** Appends a store or a load of two registers of 8 bytes at `base` plus a multiple of 8 from -512 to 504. */
  pair(
    name: "stp" | "ldp",
    kind: "general" | "vector",
    first: Register,
    second: Register,
    base: Register,
    offset: number,
  ): void {
    const opcode = (kind === "general" ? 0xa9000000 : 0x6d000000) | (name === "ldp" ? 1 << 22 : 0);
    this.word(opcode | (offset / 8 & 0x7f) << 15 | second << 10 | base << 5 | first);
  }

  /** Appends a scalar floating-point instruction with two sources. */
  scalar(name: ScalarTwo, bits: FloatBits, to: Register, a: Register, b: Register): void {
    this.word(SCALAR_TWO[name] | double(bits) | b << 16 | a << 5 | to);
  }

  /** Appends a scalar floating-point instruction with one source. */
  scalarOne(name: ScalarOne, bits: FloatBits, to: Register, from: Register): void {
    this.word(SCALAR_ONE[name] | double(bits) | from << 5 | to);
  }

  /** Appends a comparison of scalars that sets the flags. */
  compareScalars(bits: FloatBits, a: Register, b: Register): void {
    this.word(0x1e202000 | double(bits) | b << 16 | a << 5);
  }

  /** Appends `to = condition ? a : b` on scalar floating-point registers. */
  selectScalar(bits: FloatBits, to: Register, a: Register, b: Register, condition: Condition): void {
    this.word(0x1e200c00 | double(bits) | b << 16 | CONDITIONS[condition] << 12 | a << 5 | to);
  }

  /** Appends the conversion of a scalar to the other precision; `from` is the precision it has. */
  convertPrecision(from: FloatBits, to: Register, source: Register): void {
    this.word((from === 32 ? 0x1e22c000 : 0x1e624000) | source << 5 | to);
  }

  /** Appends a conversion between a general and a scalar floating-point register. */
  convert(
    name: Convert,
    integer: IntegerBits,
    float: FloatBits,
    to: Register,
    from: Register,
  ): void {
    this.word(CONVERT[name] | wide(integer) | double(float) | from << 5 | to);
  }
}

function wide(bits: IntegerBits): number {
  return bits === 64 ? 1 << 31 : 0;
}

function double(bits: FloatBits): number {
  return bits === 64 ? 1 << 22 : 0;
}
