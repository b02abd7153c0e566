/** Running results of a reduction in vector registers. */
import { isFloating, type ReduceOp } from "@troodon/core";
import { bytesOf, identityOf } from "@troodon/core/kernel";
import { joinLow, pushHigh } from "../../lower/halves.ts";
import type { MachineOp, Value } from "../../lower/machine.ts";
import type { WasmMachine } from "../../lower/wasm_machine.ts";
import type { Code, Local } from "../../targets/wasm/assembler.ts";
import { instructionOf } from "./combination.ts";

/** Turns after which a running float32 sum goes to the float64 one: its error grows with their number. */
export const TURNS = 32;

/**
 * Several vectors of running results. A sum of float32 is kept in float64, into
 * which short sums in float32 settle: as precise as float64 for what it costs.
 * Extrema of floats pass NaN by and note it apart, which is faster than
 * instructions that let it win.
 */
export class Accumulator {
  /** Whether running results must settle now and then. */
  readonly wide: boolean;
  readonly #code: Code;
  readonly #machine: WasmMachine;
  readonly #op: MachineOp;
  readonly #nothing: Value;
  readonly #slots: readonly Local[];
  readonly #low: readonly Local[];
  readonly #high: readonly Local[];
  readonly #nan: readonly Local[];

  /** `count` vectors. */
  constructor(code: Code, machine: WasmMachine, op: ReduceOp, count: number) {
    this.#code = code;
    this.#machine = machine;
    const notes = (op === "max" || op === "min") && isFloating(machine.compute);
    this.#op = !notes ? instructionOf(op) : op === "max" ? "atLeast" : "atMost";
    this.#nan = code.locals("v128", notes ? count : 0);
    this.#nothing = machine.constant(identityOf(op, machine.compute));
    this.wide = op === "sum" && machine.compute === "float32";
    this.#slots = code.locals("v128", count);
    this.#low = code.locals("v128", this.wide ? count : 0);
    this.#high = code.locals("v128", this.wide ? count : 0);
  }

  /** Starts anew. */
  clear(): void {
    for (const local of this.#slots) this.#code.get(this.#nothing).set(local);
    const zero = this.wide ? this.#machine.constant(0) : 0;
    for (const local of [...this.#low, ...this.#high]) this.#code.get(zero).set(local);
    for (const local of this.#nan) this.#code.i32x4(0).set(local);
  }

  /** Takes in a vector. */
  add(slot: number, value: Value): void {
    const local = this.#slots[slot]!;
    this.#machine.into(local, this.#op, local, value);
    const nan = this.#nan[slot];
    if (nan === undefined) return;
    const unequal = this.#machine.compute === "float32" ? "f32x4.ne" : "f64x2.ne";
    this.#code.get(nan).get(value).get(value).op(unequal, "v128.or").set(nan);
  }

  /** `value` in its first lane, and what changes nothing in the others. */
  firstLane(value: Value): Value {
    const code = this.#code, only = bytesOf(this.#machine.compute) === 8 ? [-1, -1] : [-1];
    code.get(value).get(this.#nothing);
    code.i32x4(...Array.from({ length: code.vectorBytes / 4 }, (_, i) => only[i] ?? 0)).op("v128.bitselect");
    return this.#machine.keep();
  }

  /** Pushes `value` in the first 16 bytes, and the neutral element in the others. */
  firstHalf(value: Value): Value {
    if (this.#code.vectorBytes === 16) return value;
    this.#code.get(value).get(this.#nothing).op("half.join");
    return this.#machine.keep();
  }

  /** Combines all vectors into the first 16 bytes of the first one. */
  settle(): void {
    const [first, ...rest] = this.#slots as [Local, ...Local[]];
    if (this.#code.vectorBytes === 32) {
      for (const local of this.#slots) this.#joinHalves(local);
      for (const other of rest) this.#machine.into(first, this.#op, first, other);
      this.#code.get(this.firstHalf(first)).set(first);
    } else if (rest.length === 3) {
      const [b, c, d] = rest as [Local, Local, Local];
      this.#machine.into(first, this.#op, first, b);
      this.#machine.into(c, this.#op, c, d);
      this.#machine.into(first, this.#op, first, c);
    } else for (const other of rest) this.#machine.into(first, this.#op, first, other);
    for (const other of rest) this.#code.get(this.#nothing).set(other);
    const [nan, ...others] = this.#nan;
    for (const other of others) this.#code.get(nan!).get(other).op("v128.or").set(nan!).i32x4(0).set(other);
    if (this.wide) this.#widen(0);
  }

  /** Combines both halves of a wide vector. */
  #joinHalves(local: Local): void {
    pushHigh(this.#code, local);
    this.#machine.into(local, this.#op, local, this.#machine.keep());
  }

  /** Settles each vector for itself. */
  settleEach(): void {
    if (this.wide) this.#slots.forEach((_, slot) => this.#widen(slot));
    this.#nan.forEach((_, slot) => this.#admit(slot));
  }

  /** Puts NaN where it was noted; it stays there. */
  #admit(slot: number): void {
    const nan = this.#nan[slot];
    if (nan === undefined) return;
    const local = this.#slots[slot]!;
    this.#code.get(this.#machine.constant(NaN)).get(local).get(nan).op("v128.bitselect").set(local);
  }

  #widen(slot: number): void {
    const code = this.#code;
    const local = this.#slots[slot]!, low = this.#low[slot]!, high = this.#high[slot]!;
    code.get(low).get(local).op("f64x2.promote_low_f32x4", "f64x2.add").set(low);
    pushHigh(code.get(high), local).op("f64x2.promote_low_f32x4", "f64x2.add").set(high);
    code.get(this.#nothing).set(local);
  }

  /** Goes on with what was {@linkcode Accumulator.spill}ed. */
  fill(slot: number, address: Local, offset: number): void {
    const code = this.#code;
    const nothing = this.#nothing;
    const nan = this.#nan[slot];
    if (nan !== undefined) code.i32x4(0).set(nan);
    if (!this.wide) {
      code.get(address).memory("v128.load", offset).set(this.#slots[slot]!);
      return;
    }
    code.get(nothing).set(this.#slots[slot]!);
    code.get(address).memory("v128.load", offset).set(this.#low[slot]!);
    code.get(address).memory("v128.load", offset + code.vectorBytes).set(this.#high[slot]!);
  }

  /** Writes a combined vector to memory, in the bytes of two vectors. */
  spill(slot: number, address: Local, offset: number): void {
    const code = this.#code;
    code.get(address).get(this.wide ? this.#low[slot]! : this.#slots[slot]!).memory("v128.store", offset);
    if (this.wide) code.get(address).get(this.#high[slot]!).memory("v128.store", offset + code.vectorBytes);
  }

  /** What a vector holds, lane by lane. */
  column(slot: number): Value {
    if (!this.wide) return this.#slots[slot]!;
    this.#code.get(this.#low[slot]!).op("f32x4.demote_f64x2_zero");
    joinLow(this.#code.get(this.#high[slot]!).op("f32x4.demote_f64x2_zero"));
    return this.#machine.keep();
  }

  /** The same of a sum of float32, in float64. */
  columnWide(slot: number): readonly [Local, Local] {
    return [this.#low[slot]!, this.#high[slot]!];
  }

  /** {@linkcode Accumulator.total} of a sum of float32, in float64. */
  totalWide(): Local {
    const code = this.#code, low = this.#low[0]!;
    code.get(low);
    if (code.vectorBytes === 16) code.get(this.#high[0]!);
    else pushHigh(code, low); // the sums of the first 16 bytes of float32 fill all of it
    code.op("f64x2.add").set(low);
    code.get(low).get(low).get(low).shuffle64(1, 0).op("f64x2.add").set(low);
    return low;
  }

  /** The lanes of the first vector brought together, in the first lane of the result. */
  total(): Value {
    const code = this.#code;
    const [first] = this.#slots as [Local];
    if (this.wide) {
      code.get(this.totalWide()).op("f32x4.demote_f64x2_zero");
      return this.#machine.keep();
    }
    for (const by of bytesOf(this.#machine.compute) === 8 ? [2] : [2, 1]) {
      const lanes = [0, 1, 2, 3].map((n) => n ^ by) as [number, number, number, number];
      code.get(first).get(first).shuffle32(...lanes);
      this.#machine.into(first, this.#op, first, this.#machine.keep());
    }
    const [nan] = this.#nan;
    if (nan !== undefined) {
      // Noted in any lane, it is the result.
      code.get(this.#machine.constant(NaN)).get(first).i32(0).get(nan).op("v128.any_true", "i32.sub");
      code.op("i32x4.splat", "v128.bitselect").set(first);
    }
    return first;
  }
}
