/** Encodings of AArch64 instructions on general registers and scalars, by their names in Arm's manual. */

/** Integer instructions on three general registers. */
export type ThreeRegisters =
  | "add"
  | "sub"
  | "subs"
  | "and"
  | "orr"
  | "eor"
  | "bic"
  | "orn"
  | "ands"
  | "sdiv"
  | "udiv"
  | "lsl"
  | "lsr"
  | "asr"
  | "ror";

/** Integer instructions on three general registers: the 32-bit form; bit 31 makes it one of 64 bits. */
export const THREE_REGISTERS: Readonly<Record<ThreeRegisters, number>> = {
  add: 0x0b000000,
  sub: 0x4b000000,
  subs: 0x6b000000,
  and: 0x0a000000,
  orr: 0x2a000000,
  eor: 0x4a000000,
  bic: 0x0a200000,
  orn: 0x2a200000,
  ands: 0x6a000000,
  sdiv: 0x1ac00c00,
  udiv: 0x1ac00800,
  lsl: 0x1ac02000,
  lsr: 0x1ac02400,
  asr: 0x1ac02800,
  ror: 0x1ac02c00,
};

/** Scalar floating-point instructions with two sources. */
export type ScalarTwo = "fmul" | "fdiv" | "fadd" | "fsub" | "fmax" | "fmin";

/** Instructions on scalar floating-point registers, two sources: the single-precision form. */
export const SCALAR_TWO: Readonly<Record<ScalarTwo, number>> = {
  fmul: 0x1e200800,
  fdiv: 0x1e201800,
  fadd: 0x1e202800,
  fsub: 0x1e203800,
  fmax: 0x1e204800,
  fmin: 0x1e205800,
};

/** Scalar floating-point instructions with one source. */
export type ScalarOne = "fmov" | "fabs" | "fneg" | "fsqrt" | "frintn" | "frintp" | "frintm" | "frintz";

/** Instructions on scalar floating-point registers, one source: the single-precision form. */
export const SCALAR_ONE: Readonly<Record<ScalarOne, number>> = {
  fmov: 0x1e204000,
  fabs: 0x1e20c000,
  fneg: 0x1e214000,
  fsqrt: 0x1e21c000,
  frintn: 0x1e244000,
  frintp: 0x1e24c000,
  frintm: 0x1e254000,
  frintz: 0x1e25c000,
};

/** Conversions between general and floating-point registers. */
export type Convert = "scvtf" | "ucvtf" | "fcvtzs" | "fcvtzu" | "fmovFrom" | "fmovTo";

/** Conversions between a general register and a scalar floating-point register, both of 32 bits. */
export const CONVERT: Readonly<Record<Convert, number>> = {
  scvtf: 0x1e220000,
  ucvtf: 0x1e230000,
  fcvtzs: 0x1e380000,
  fcvtzu: 0x1e390000,
  /** Bits from a floating-point register to a general one. */
  fmovFrom: 0x1e260000,
  /** Bits from a general register to a floating-point one. */
  fmovTo: 0x1e270000,
};

/** Loads and stores; upper-case letters name the width of a vector register. */
export type Access =
  | "ldrb"
  | "ldrh"
  | "ldrsb"
  | "ldrsh"
  | "ldrw"
  | "ldrx"
  | "ldrsw"
  | "ldrB"
  | "ldrH"
  | "ldrS"
  | "ldrD"
  | "ldrQ"
  | "strb"
  | "strh"
  | "strw"
  | "strx"
  | "strB"
  | "strH"
  | "strS"
  | "strD"
  | "strQ";

/** Loads and stores: the form whose address is a base and a register of 32 bits, and the logarithm of the bytes. */
export const ACCESS: Readonly<Record<Access, readonly [number, number]>> = {
  ldrb: [0x38604800, 0],
  ldrh: [0x78604800, 1],
  ldrsb: [0x38e04800, 0],
  ldrsh: [0x78e04800, 1],
  ldrw: [0xb8604800, 2],
  ldrx: [0xf8604800, 3],
  ldrsw: [0xb8a04800, 2],
  ldrB: [0x3c604800, 0],
  ldrH: [0x7c604800, 1],
  ldrS: [0xbc604800, 2],
  ldrD: [0xfc604800, 3],
  ldrQ: [0x3ce04800, 4],
  strb: [0x38204800, 0],
  strh: [0x78204800, 1],
  strw: [0xb8204800, 2],
  strx: [0xf8204800, 3],
  strB: [0x3c204800, 0],
  strH: [0x7c204800, 1],
  strS: [0xbc204800, 2],
  strD: [0xfc204800, 3],
  strQ: [0x3ca04800, 4],
};

/** Conditions of branches and selections. */
export const CONDITIONS: Readonly<Record<Condition, number>> = {
  eq: 0,
  ne: 1,
  hs: 2,
  lo: 3,
  mi: 4,
  pl: 5,
  vs: 6,
  vc: 7,
  hi: 8,
  ls: 9,
  ge: 10,
  lt: 11,
  gt: 12,
  le: 13,
};

/** A condition of a branch or a selection. */
export type Condition =
  | "eq"
  | "ne"
  | "hs"
  | "lo"
  | "mi"
  | "pl"
  | "vs"
  | "vc"
  | "hi"
  | "ls"
  | "ge"
  | "lt"
  | "gt"
  | "le";
