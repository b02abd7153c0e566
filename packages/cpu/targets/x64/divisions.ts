/** Selects divisions and rotations, which work on fixed registers. */
import { B } from "../native/flow.ts";
import { CMP, EQUAL, NOT_EQUAL, OVERFLOW, RAX, RCX, RDX, XOR } from "./assembler.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";

/** Selects a quotient or a remainder; traps as WebAssembly does. */
function divided(wide: boolean, signed: boolean, remainder: boolean): Entry {
  return entry((s) => {
    const { asm } = s, constant = s.constant(B), a = s.a, b = RCX, done = asm.label();
    if (constant) s.loadInto(b, s.word(B));
    else asm.load(b, s.b, wide);
    asm.load(RAX, a, wide);
    if (!constant || constant.value === 0) {
      asm.integer(0x85, b, b, wide);
      asm.jumpIf(EQUAL, s.trap);
    }
    if (signed && (!constant || constant.value === -1)) {
      const plain = asm.label();
      asm.arithmeticBy(CMP, b, -1, wide);
      asm.jumpIf(NOT_EQUAL, plain);
      // The smallest integer divided by -1 does not fit; the remainder by -1 is 0.
      asm.integer(0xf7, 3, RAX, wide);
      if (!remainder) asm.jumpIf(OVERFLOW, s.trap);
      asm.set(RDX, 0);
      asm.jump(done);
      asm.bind(plain);
    }
    if (signed) {
      if (wide) asm.raw(0x48);
      asm.raw(0x99);
    } else asm.arithmetic(XOR, RDX, RDX);
    asm.integer(0xf7, signed ? 7 : 6, b, wide);
    asm.bind(done);
    asm.load(s.to, remainder ? RDX : RAX, wide);
  });
}

/** Selects a rotation, given the extension of the opcode. */
function rotated(extension: number, wide: boolean): Entry {
  return entry((s) => {
    const { asm, to } = s, count = s.constant(B), bits = wide ? 64 : 32, a = s.a;
    if (count) {
      const right = extension === 1 ? count.value & bits - 1 : bits - (count.value & bits - 1) & bits - 1;
      asm.vector(vex(3, 3, 0xf0, wide ? 1 : 0), false, to, 0, a, right);
      return;
    }
    asm.load(RCX, s.b);
    if (to !== a) asm.load(to, a, wide);
    asm.integer(0xd3, extension, to, wide);
  });
}

/** Names of the operations that work on fixed registers. */
export const DIVISIONS: Entries = {
  "i32.div_s": divided(false, true, false),
  "i32.div_u": divided(false, false, false),
  "i32.rem_s": divided(false, true, true),
  "i32.rem_u": divided(false, false, true),
  "i64.div_s": divided(true, true, false),
  "i64.div_u": divided(true, false, false),
  "i64.rem_s": divided(true, true, true),
  "i64.rem_u": divided(true, false, true),
  "i32.rotl": rotated(0, false),
  "i32.rotr": rotated(1, false),
  "i64.rotl": rotated(0, true),
  "i64.rotr": rotated(1, true),
};
