/** The vector machine in WebAssembly. */
import type { ComputeType, ScalarFunction } from "@troodon/core";
import { toInt32, toInt64 } from "@troodon/core/kernel";
import type { Code, Local } from "../targets/wasm/assembler.ts";
import type { HostImports } from "./host_imports.ts";
import { emitLong } from "./long.ts";
import type { Machine, MachineOp, Value } from "./machine.ts";
import { opcodes } from "./opcodes.ts";
import { own } from "./own.ts";
import { joinLow, pushHigh, pushLowWords } from "./halves.ts";

/** One word of memory, to read the bits of a float. */
const FLOAT = new Float32Array(1);
const FLOAT_BITS = new Int32Array(FLOAT.buffer);

/** What a machine and its wide one share. */
interface Shared {
  readonly code: Code;
  readonly imports: HostImports;
  /** By int32 lanes, or by the text of a float64. */
  readonly constants: Map<number | string, Local>;
  known: Map<string, Value>;
}

/** Values are vector locals, each set once in its scope. */
export class WasmMachine implements Machine {
  readonly compute: ComputeType;
  /** Lanes of a vector. */
  readonly lanes: number;
  readonly #shared: Shared;
  #wide: WasmMachine | undefined;
  #scratch: Local | undefined;

  /** A machine that appends to `code`. */
  constructor(code: Code, compute: ComputeType, imports: HostImports, shared?: Shared) {
    this.compute = compute;
    this.lanes = code.vectorBytes / (compute === "float64" || compute === "int64" ? 8 : 4);
    this.#shared = shared ?? { code, imports, constants: new Map(), known: new Map() };
  }

  /** See {@linkcode Machine}. */
  get wide(): WasmMachine {
    const { code, imports } = this.#shared;
    return this.#wide ??= new WasmMachine(code, "float64", imports, this.#shared);
  }

  /** Forgets at its end what `body` computed: it may run several times, or not at all. */
  scope(body: () => void): void {
    const before = this.#shared.known;
    this.#shared.known = new Map(before);
    body();
    this.#shared.known = before;
  }

  /** A local for what is needed at once. */
  get scratch(): Local {
    return this.#scratch ??= this.#shared.code.local("v128");
  }

  /** Computes an instruction into a local that changes, such as a running sum. */
  into(target: Local, op: MachineOp, ...operands: Value[]): void {
    const { code } = this.#shared, opcode = opcodes()[this.compute][op];
    if (opcode === undefined && (op === "min" || op === "max")) {
      this.#extreme(op, operands as [Value, Value]);
      code.set(target);
      return;
    }
    for (const operand of operands) code.get(operand);
    code.op(opcode!).set(target);
  }

  /** Moves the vector on the stack to a new local. */
  keep(): Value {
    const { code } = this.#shared;
    const local = code.local("v128");
    code.set(local);
    return local;
  }

  /** See {@linkcode Machine}. */
  constant(value: number): Value {
    const { compute } = this;
    if (compute === "int32") return this.word(toInt32(value));
    if (compute === "int64") {
      const exact = toInt64(value);
      return this.#literal(`${exact}n`, BigInt64Array.of(exact));
    }
    if (compute === "float32") {
      FLOAT[0] = value;
      return this.word(FLOAT_BITS[0]!);
    }
    return this.#literal(Object.is(value, -0) ? "-0" : `${value}`, Float64Array.of(value));
  }

  /** See {@linkcode Machine}. */
  word(bits: number): Value {
    return this.#literal(bits | 0, Int32Array.of(bits));
  }

  /** Set up once in front: measured, that is up to twice as fast as literals inside the loop. */
  #literal(key: number | string, lane: Int32Array | Float64Array | BigInt64Array): Value {
    const { code, constants } = this.#shared;
    let local = constants.get(key);
    if (local === undefined) {
      local = code.local("v128");
      code.first(local, new Uint8Array(lane.buffer));
      constants.set(key, local);
    }
    return local;
  }

  /** See {@linkcode Machine}. */
  emit(op: MachineOp, ...operands: Value[]): Value {
    const { compute } = this;
    return this.once(`${compute} ${op} ${operands}`, () => this.#append(op, operands));
  }

  #append(op: MachineOp, operands: readonly Value[]): Value {
    const { code } = this.#shared;
    const [a, b, c] = operands as [Value, Value, Value];
    const opcode = opcodes()[this.compute][op];
    switch (op) {
      case "select":
        code.get(b).get(c).get(a).op(opcode!);
        return this.keep();
      case "min":
      case "max":
        if (opcode !== undefined) break;
        this.#extreme(op, [a, b]);
        return this.keep();
      case "widenHigh":
        pushHigh(code, a).op("f64x2.promote_low_f32x4");
        return this.keep();
      case "intWidenHigh":
        pushHigh(code, a).op("f64x2.convert_low_i32x4_s");
        return this.keep();
      case "narrow":
        joinLow(code.get(a).op("f32x4.demote_f64x2_zero").get(b).op("f32x4.demote_f64x2_zero"));
        return this.keep();
      case "intNarrow": {
        // Adding 1.5 * 2^52 leaves the integer in the low word.
        const magic = this.wide.constant(6755399441055744);
        code.get(a).get(magic).op("f64x2.add");
        const first = this.keep();
        code.get(b).get(magic).op("f64x2.add");
        pushLowWords(code, first, this.keep());
        return this.keep();
      }
      case "evenWords":
        code.get(a).get(b).shuffle32(0, 2, 4, 6);
        return this.keep();
      case "oddWords":
        code.get(a).get(b).shuffle32(1, 3, 5, 7);
        return this.keep();
    }
    if (opcode === undefined && op === "madd") return this.emit("add", this.emit("mul", a, b), c);
    if (opcode === undefined && op === "nmadd") return this.emit("sub", c, this.emit("mul", a, b));
    if (opcode === undefined) throw new TypeError(`Cannot emit ${op} for ${this.compute}`);
    for (const operand of operands) code.get(operand);
    code.op(opcode);
    return this.keep();
  }

  /** Pushes the lesser or the greater of two int64. */
  #extreme(op: "min" | "max", [a, b]: [Value, Value]): void {
    const { code } = this.#shared;
    code.get(a).get(b).get(a).get(b).op(op === "min" ? "i64x2.lt_s" : "i64x2.gt_s", "v128.bitselect");
  }

  /** See {@linkcode Machine}. */
  shift(value: Value, by: number): Value {
    return this.once(`shift${by} ${value}`, () => {
      this.#shared.code.get(value).i32(Math.abs(by)).op(by > 0 ? "i32x4.shl" : "i32x4.shr_u");
      return this.keep();
    });
  }

  /** See {@linkcode Machine}. */
  own(fn: ScalarFunction, args: readonly Value[]): Value {
    return own(this, fn, args);
  }

  /** See {@linkcode Machine}. */
  host(fn: ScalarFunction, args: readonly Value[]): Value {
    return this.once(`host ${this.compute} ${fn} ${args}`, () => {
      const { code } = this.#shared;
      const result = code.local("v128");
      if (this.compute === "int64" && emitLong(code, fn, args, result)) return result;
      this.#hostLanes(result, fn, args);
      return result;
    });
  }

  /** See {@linkcode Machine}. */
  repair(mask: Value, value: Value, fn: ScalarFunction, args: readonly Value[]): Value {
    return this.once(`repair ${fn} ${mask} ${value}`, () => {
      const { code } = this.#shared;
      const [result, exact] = code.locals("v128", 2) as [Local, Local];
      code.get(value).set(result);
      code.get(mask).op("v128.any_true").if(() => {
        this.#hostLanes(exact, fn, args);
        code.get(exact).get(value).get(mask).op("v128.bitselect").set(result);
      });
      return result;
    });
  }

  #hostLanes(result: Local, fn: ScalarFunction, args: readonly Value[]): void {
    const { code, imports } = this.#shared;
    for (let lane = 0; lane < this.lanes; lane++) {
      code.get(result);
      for (const arg of args) {
        code.get(arg);
        if (this.compute === "float64") code.lane("f64x2.extract_lane", lane);
        else if (this.compute === "float32") code.lane("f32x4.extract_lane", lane).op("f64.promote_f32");
        else if (this.compute === "int64") code.lane("i64x2.extract_lane", lane).op("f64.convert_i64_s");
        else code.lane("i32x4.extract_lane", lane).op("f64.convert_i32_s");
      }
      code.call(imports.get(fn));
      if (this.compute === "float64") code.lane("f64x2.replace_lane", lane);
      else if (this.compute === "float32") code.op("f32.demote_f64").lane("f32x4.replace_lane", lane);
      else if (this.compute === "int64") code.op("i64.trunc_sat_f64_s").lane("i64x2.replace_lane", lane);
      else code.op("i32.trunc_sat_f64_s").lane("i32x4.replace_lane", lane);
      code.set(result);
    }
  }

  /** What `compute` gives, emitted once per key and scope. */
  once(key: string, compute: () => Value): Value {
    const { known } = this.#shared;
    let value = known.get(key);
    if (value === undefined) {
      value = compute();
      known.set(key, value);
    }
    return value;
  }
}
