/** An assembler for AArch64: integer instructions for loops and addresses, and vectors of 16 bytes. */
import { GeneralAssembler, type Register } from "./general.ts";
import {
  BITWISE,
  type Bitwise,
  FLOAT_ONE,
  FLOAT_SAME,
  type FloatOne,
  type FloatSame,
  INTEGER_ONE,
  INTEGER_SAME,
  type IntegerOne,
  type IntegerSame,
  type Lanes,
  NARROW,
  type Narrow,
  PERMUTE,
  type Permute,
  SIZE,
} from "./instructions.ts";

const Q = 1 << 30;

/** Machine code, appended in order. */
export class Assembler extends GeneralAssembler {
  /** Appends a load of one element into all lanes, from the address in `base`. */
  loadSplat(lanes: Lanes, to: Register, base: Register): void {
    this.word(0x4d40c000 | SIZE[lanes] << 10 | base << 5 | to);
  }

  /** Appends a load or a store of one lane at the address in `base`. */
  laneAccess(name: "ld1" | "st1", lanes: Lanes, register: Register, lane: number, base: Register): void {
    const load = name === "ld1" ? 1 << 22 : 0, log = SIZE[lanes];
    // Bits Q, S and size hold the number of the lane; the opcode holds the size of the lane.
    const index = lane << log, kind = log === 3 ? 0x8400 : log === 2 ? 0x8000 : log === 1 ? 0x4000 : 0;
    this.word(0x0d000000 | load | kind | (index >> 3) << 30 | (index & 7) << 10 | base << 5 | register);
  }

  /** Appends an integer instruction on the lanes of two vectors. */
  same(name: IntegerSame, lanes: Lanes, to: Register, a: Register, b: Register): void {
    const [upper, opcode] = INTEGER_SAME[name];
    this.word(0x0e200400 | Q | upper << 29 | SIZE[lanes] << 22 | b << 16 | opcode << 11 | a << 5 | to);
  }

  /** Appends a bitwise instruction; "bsl" takes `a` where `to` is set, else `b`. */
  bitwise(name: Bitwise, to: Register, a: Register, b: Register): void {
    const [upper, size] = BITWISE[name];
    this.word(0x0e201c00 | Q | upper << 29 | size << 22 | b << 16 | a << 5 | to);
  }

  /** Appends a floating-point instruction on the lanes of two vectors; "fmla" adds the product to `to`. */
  float(name: FloatSame, lanes: "4s" | "2d", to: Register, a: Register, b: Register): void {
    const [upper, high, opcode] = FLOAT_SAME[name], size = high << 1 | SIZE[lanes] & 1;
    this.word(0x0e200400 | Q | upper << 29 | size << 22 | b << 16 | opcode << 11 | a << 5 | to);
  }

  /** Appends an integer instruction on the lanes of one vector. */
  one(name: IntegerOne, lanes: Lanes, to: Register, from: Register): void {
    const [upper, opcode] = INTEGER_ONE[name];
    this.word(0x0e200800 | Q | upper << 29 | SIZE[lanes] << 22 | opcode << 12 | from << 5 | to);
  }

  /** Appends a floating-point instruction on the lanes of one vector. */
  floatOne(name: FloatOne, lanes: "4s" | "2d", to: Register, from: Register): void {
    const [upper, high, opcode] = FLOAT_ONE[name], size = high << 1 | SIZE[lanes] & 1;
    this.word(0x0e200800 | Q | upper << 29 | size << 22 | opcode << 12 | from << 5 | to);
  }

  /** Appends the complement of all bits. */
  not(to: Register, from: Register): void {
    this.word(0x6e205800 | from << 5 | to);
  }

  /** Appends the number of bits that are set in each byte. */
  countBits(to: Register, from: Register): void {
    this.word(0x4e205800 | from << 5 | to);
  }

  /** Appends the narrowing of lanes of twice the width to the low half of `to`, or to its high half if `high`. */
  narrow(
    name: Narrow,
    lanes: "8b" | "4h" | "2s",
    to: Register,
    from: Register,
    high = false,
  ): void {
    const [upper, opcode] = NARROW[name], size = { "8b": 0, "4h": 1, "2s": 2 }[lanes];
    this.word(
      0x0e200800 | (high ? Q : 0) | upper << 29 | size << 22 | opcode << 12 | from << 5 | to,
    );
  }

  /** Appends the widening of float32 to float64 of the low or the high half of a vector. */
  promote(to: Register, from: Register, high: boolean = false): void {
    this.word(0x0e617800 | (high ? Q : 0) | from << 5 | to);
  }

  /** Appends the narrowing of float64 to float32 in the low half of `to` with zeros above, or in its high half. */
  demote(to: Register, from: Register, high: boolean = false): void {
    this.word(0x0e616800 | (high ? Q : 0) | from << 5 | to);
  }

  /** Appends products of the low or high halves of two vectors in lanes of twice the width, given by `lanes`. */
  multiplyLong(
    name: "smull" | "umull",
    lanes: "8h" | "4s" | "2d",
    to: Register,
    a: Register,
    b: Register,
    high: boolean = false,
  ): void {
    const upper = Number(name === "umull") << 29;
    this.word(
      0x0e20c000 | (high ? Q : 0) | upper | SIZE[lanes] - 1 << 22 | b << 16 | a << 5 | to,
    );
  }

  /** Appends the widening of the low or high half of a vector to lanes of twice the width, given by `lanes`. */
  extend(name: "sxtl" | "uxtl", lanes: "8h" | "4s" | "2d", to: Register, from: Register, high = false): void {
    const upper = Number(name === "uxtl") << 29, size = 4 << SIZE[lanes];
    this.word(0x0f00a400 | (high ? Q : 0) | upper | size << 16 | from << 5 | to);
  }

  /** Appends a shift of all lanes by a constant. */
  shiftLanes(name: "shl" | "sshr" | "ushr", lanes: Lanes, to: Register, from: Register, by: number): void {
    const width = 8 << SIZE[lanes], amount = name === "shl" ? width + by : 2 * width - by;
    const opcode = name === "shl" ? 0x0f005400 : name === "ushr" ? 0x2f000400 : 0x0f000400;
    this.word(opcode | Q | amount << 16 | from << 5 | to);
  }

  /** Appends an instruction that interleaves two vectors. */
  permute(name: Permute, lanes: Lanes, to: Register, a: Register, b: Register): void {
    this.word(0x0e000800 | Q | SIZE[lanes] << 22 | b << 16 | PERMUTE[name] << 12 | a << 5 | to);
  }

  /** Appends 16 bytes from the 32 of `a` and then `b`, from byte `from` on. */
  extract(to: Register, a: Register, b: Register, from: number): void {
    this.word(0x2e000000 | Q | b << 16 | from << 11 | a << 5 | to);
  }

  /**
   * Appends a table lookup: picks bytes by the numbers in `indices` from one register, or from two consecutive ones.
   */
  table(to: Register, first: Register, registers: 1 | 2, indices: Register): void {
    this.word(0x0e000000 | Q | indices << 16 | registers - 1 << 13 | first << 5 | to);
  }

  /** Appends a copy of one lane to all lanes. */
  splatLane(lanes: Lanes, to: Register, from: Register, lane: number): void {
    this.word(0x4e000400 | laneField(lanes, lane) << 16 | from << 5 | to);
  }

  /** Appends a copy of a general register to all lanes. */
  splat(lanes: Lanes, to: Register, from: Register): void {
    this.word(0x4e000c00 | laneField(lanes, 0) << 16 | from << 5 | to);
  }

  /** Appends a copy of a lane to a lane. */
  insertLane(lanes: Lanes, to: Register, lane: number, from: Register, fromLane: number): void {
    this.word(
      0x6e000400 | laneField(lanes, lane) << 16 | (fromLane << SIZE[lanes]) << 11 | from << 5 | to,
    );
  }

  /** Appends a copy of a general register to a lane. */
  insert(lanes: Lanes, to: Register, lane: number, from: Register): void {
    this.word(0x4e001c00 | laneField(lanes, lane) << 16 | from << 5 | to);
  }

  /** Appends a copy of a lane to a general register, with zeros above. */
  lane(lanes: Lanes, to: Register, from: Register, lane: number): void {
    this.word(0x0e003c00 | (lanes === "2d" ? Q : 0) | laneField(lanes, lane) << 16 | from << 5 | to);
  }

  /** Appends a copy of a signed lane of 8 or 16 bits to a general register of 32. */
  laneSigned(lanes: "16b" | "8h", to: Register, from: Register, lane: number): void {
    this.word(0x0e002c00 | laneField(lanes, lane) << 16 | from << 5 | to);
  }

  /** Appends a reduction of all lanes to the first one. */
  across(name: "umaxv" | "uminv" | "addv", lanes: "16b" | "8h" | "4s", to: Register, from: Register): void {
    const opcode = { umaxv: 0x2e30a800, uminv: 0x2e31a800, addv: 0x0e31b800 }[name];
    this.word(opcode | Q | SIZE[lanes] << 22 | from << 5 | to);
  }

  /** Appends a vector of zeros. */
  zero(to: Register): void {
    this.word(0x6f00e400 | to);
  }

  /** Appends a copy of a vector. */
  moveVector(to: Register, from: Register): void {
    this.bitwise("orr", to, from, from);
  }
}

/** Encodes the field "imm5": the number of a lane, above a bit that marks its size. */
function laneField(lanes: Lanes, lane: number): number {
  return (2 * lane + 1) << SIZE[lanes];
}
