/** Encodings of AArch64 instructions on vectors, by their names in Arm's manual with the type of their lanes. */

/** Lanes of a vector of 16 bytes: bytes, halfwords, words or doublewords. */
export type Lanes = "16b" | "8h" | "4s" | "2d";

/** The field "size" for each type of lane. */
export const SIZE: Readonly<Record<Lanes, number>> = { "16b": 0, "8h": 1, "4s": 2, "2d": 3 };

/** Integer instructions on two vectors. */
export type IntegerSame =
  | "add"
  | "sub"
  | "mul"
  | "cmgt"
  | "cmhi"
  | "cmge"
  | "cmhs"
  | "cmeq"
  | "smax"
  | "umax"
  | "smin"
  | "umin"
  | "sshl"
  | "ushl"
  | "addp"
  | "umaxp"
  | "uminp"
  | "sqadd"
  | "uqadd"
  | "sqsub"
  | "uqsub"
  | "urhadd";

/** Integer instructions on two vectors: bit 29 and the opcode. */
export const INTEGER_SAME: Readonly<Record<IntegerSame, readonly [number, number]>> = {
  add: [0, 0x10],
  sub: [1, 0x10],
  mul: [0, 0x13],
  cmgt: [0, 0x06],
  cmhi: [1, 0x06],
  cmge: [0, 0x07],
  cmhs: [1, 0x07],
  cmeq: [1, 0x11],
  smax: [0, 0x0c],
  umax: [1, 0x0c],
  smin: [0, 0x0d],
  umin: [1, 0x0d],
  sshl: [0, 0x08],
  ushl: [1, 0x08],
  addp: [0, 0x17],
  umaxp: [1, 0x14],
  uminp: [1, 0x15],
  sqadd: [0, 0x01],
  uqadd: [1, 0x01],
  sqsub: [0, 0x05],
  uqsub: [1, 0x05],
  urhadd: [1, 0x02],
};

/** Bitwise instructions on two vectors. */
export type Bitwise = "and" | "bic" | "orr" | "orn" | "eor" | "bsl" | "bit" | "bif";

/** Bitwise instructions on two vectors: bit 29 and the field "size". */
export const BITWISE: Readonly<Record<Bitwise, readonly [number, number]>> = {
  and: [0, 0],
  bic: [0, 1],
  orr: [0, 2],
  orn: [0, 3],
  eor: [1, 0],
  bsl: [1, 1],
  bit: [1, 2],
  bif: [1, 3],
};

/** Floating-point instructions on two vectors. */
export type FloatSame =
  | "fadd"
  | "fsub"
  | "fmul"
  | "fdiv"
  | "fmax"
  | "fmin"
  | "fmla"
  | "fmls"
  | "fcmeq"
  | "fcmge"
  | "fcmgt"
  | "faddp";

/** Floating-point instructions on two vectors: bit 29, bit 23 and the opcode. */
export const FLOAT_SAME: Readonly<Record<FloatSame, readonly [number, number, number]>> = {
  fadd: [0, 0, 0x1a],
  fsub: [0, 1, 0x1a],
  fmul: [1, 0, 0x1b],
  fdiv: [1, 0, 0x1f],
  fmax: [0, 0, 0x1e],
  fmin: [0, 1, 0x1e],
  fmla: [0, 0, 0x19],
  fmls: [0, 1, 0x19],
  fcmeq: [0, 0, 0x1c],
  fcmge: [1, 0, 0x1c],
  fcmgt: [1, 1, 0x1c],
  faddp: [1, 0, 0x1a],
};

/** Integer instructions on one vector. */
export type IntegerOne = "abs" | "neg" | "cmgtZero" | "cmeqZero" | "cmltZero";

/** Integer instructions on one vector: bit 29 and the opcode. */
export const INTEGER_ONE: Readonly<Record<IntegerOne, readonly [number, number]>> = {
  abs: [0, 0x0b],
  neg: [1, 0x0b],
  cmgtZero: [0, 0x08],
  cmeqZero: [0, 0x09],
  cmltZero: [0, 0x0a],
};

/** Floating-point instructions on one vector. */
export type FloatOne =
  | "fabs"
  | "fneg"
  | "fsqrt"
  | "frintn"
  | "frintm"
  | "frintp"
  | "frintz"
  | "fcvtzs"
  | "fcvtzu"
  | "scvtf"
  | "ucvtf";

/** Floating-point instructions on one vector: bit 29, bit 23 and the opcode. */
export const FLOAT_ONE: Readonly<Record<FloatOne, readonly [number, number, number]>> = {
  fabs: [0, 1, 0x0f],
  fneg: [1, 1, 0x0f],
  fsqrt: [1, 1, 0x1f],
  frintn: [0, 0, 0x18],
  frintm: [0, 0, 0x19],
  frintp: [0, 1, 0x18],
  frintz: [0, 1, 0x19],
  fcvtzs: [0, 1, 0x1b],
  fcvtzu: [1, 1, 0x1b],
  scvtf: [0, 0, 0x1d],
  ucvtf: [1, 0, 0x1d],
};

/** Instructions that narrow lanes. */
export type Narrow = "xtn" | "sqxtun" | "sqxtn" | "uqxtn";

/** Instructions that narrow the lanes of a vector to half their width: bit 29 and the opcode. */
export const NARROW: Readonly<Record<Narrow, readonly [number, number]>> = {
  xtn: [0, 0x12],
  sqxtun: [1, 0x12],
  sqxtn: [0, 0x14],
  uqxtn: [1, 0x14],
};

/** Instructions that interleave two vectors. */
export type Permute = "uzp1" | "trn1" | "zip1" | "uzp2" | "trn2" | "zip2";

/** Instructions that interleave two vectors: the opcode. */
export const PERMUTE: Readonly<Record<Permute, number>> = {
  uzp1: 1,
  trn1: 2,
  zip1: 3,
  uzp2: 5,
  trn2: 6,
  zip2: 7,
};
