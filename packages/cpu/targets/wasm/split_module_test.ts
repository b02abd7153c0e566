/** Builds modules for vectors of 32 bytes as WebAssembly with two vectors for each, which engines can run in tests. */
import { Code, type FunctionOptions, type Label, type Local, ModuleBuilder } from "./assembler.ts";
import type { AnyMemoryOp, AnyOp } from "./instructions.ts";
import type { LaneMemoryOp, MemoryOp } from "./opcodes.ts";
import type { ValueType } from "./value_type.ts";
import type { LaneOp, VectorOp } from "./vector_opcodes.ts";

type Pair = readonly [Local, Local];

/** Returns the number of vectors that an instruction takes. */
function operandsOf(name: string): number {
  if (/bitselect|laneselect|madd$/.test(name)) return 3;
  const one =
    /\.(abs|neg|sqrt|ceil|floor|trunc|nearest|not|popcnt|shl|shr_\w|relaxed_trunc_f32\w+|extend_\w+|extadd_\w+|convert_\w+|trunc_sat_f32\w+)$/;
  return one.test(name) ? 1 : 2;
}

/** Instructions that widen the low or the high lanes of a vector. */
const SPREADS = /promote_low|convert_low|i64x2\.extend/;

/** Code with vectors of 32 bytes, emitted as code with vectors of 16. */
class SplitCode extends Code {
  readonly #to: Code;
  readonly #high = new Map<Local, Local>();
  readonly #scratch: readonly Pair[];
  readonly #address: Local;
  readonly #word: Local;

  constructor(to: Code) {
    super(to.index, 0, 32);
    this.#to = to;
    this.#scratch = [0, 1, 2].map(() => to.locals("v128", 2) as [Local, Local]);
    [this.#address, this.#word] = to.locals("i32", 2) as [Local, Local];
  }

  override local(type: ValueType): Local {
    const local = this.#to.local(type);
    if (type === "v128") this.#high.set(local, this.#to.local(type));
    return local;
  }

  override get(local: Local): this {
    const high = this.#high.get(local);
    this.#to.get(local);
    if (high !== undefined) this.#to.get(high);
    return this;
  }

  override set(local: Local): this {
    const high = this.#high.get(local);
    if (high !== undefined) this.#to.set(high);
    this.#to.set(local);
    return this;
  }

  override tee(local: Local): this {
    if (this.#high.has(local)) return this.set(local).get(local);
    this.#to.tee(local);
    return this;
  }

  /** Pops a number of vectors. */
  #pop(count: number): readonly Pair[] {
    const pairs = this.#scratch.slice(0, count);
    for (const [low, high] of pairs.toReversed()) this.#to.set(high).set(low);
    return pairs;
  }

  override op(...names: AnyOp[]): this {
    for (const name of names) this.#append(name);
    return this;
  }

  #append(name: AnyOp): void {
    const to = this.#to;
    if (name.startsWith("half.")) {
      const [first, second] = this.#pop(name === "half.join" ? 2 : 1) as [Pair, Pair?];
      if (second !== undefined) to.get(first[0]).get(second[0]);
      else to.get(first[name === "half.low" ? 0 : 1]).i32x4(0);
    } else if (!/^(v128|i8x16|i16x8|i32x4|i64x2|f32x4|f64x2)\./.test(name)) {
      to.op(name);
    } else if (name.endsWith(".splat")) {
      const [[low]] = this.#scratch as [Pair];
      to.op(name).tee(low).get(low);
    } else if (/_true$|bitmask$/.test(name)) {
      const [[low, high]] = this.#pop(1) as [Pair];
      to.get(low).op(name).get(high).op(name);
      if (name.endsWith("bitmask")) to.i32(Number(/x(\d+)/.exec(name)![1])).op("i32.shl", "i32.or");
      else to.op(name === "v128.any_true" ? "i32.or" : "i32.and");
    } else if (SPREADS.test(name)) {
      const [pair] = this.#pop(1) as [Pair], half = pair[name.includes("_high") ? 1 : 0];
      const low = name.replace("_high", "_low") as VectorOp;
      to.get(half).op(low).get(half).get(half).shuffle64(1, 1).op(low);
    } else if (name.endsWith("_zero")) {
      const [[low, high]] = this.#pop(1) as [Pair];
      to.get(low).op(name).get(high).op(name).shuffle64(0, 2).i32x4(0);
    } else {
      const shift = /\.sh[lr]/.test(name);
      if (shift) to.set(this.#word);
      const pairs = this.#pop(operandsOf(name));
      for (const half of [0, 1] as const) {
        for (const pair of pairs) to.get(pair[half]);
        if (shift) to.get(this.#word);
        to.op(name as VectorOp);
      }
    }
  }

  override memory(name: AnyMemoryOp, offset = 0, alignment?: number): this {
    const to = this.#to, at = this.#address, align = Math.min(alignment ?? 0, 4);
    if (name === "mask.load32" || name === "mask.store32") this.#masked(name, offset);
    else if (name === "v128.store" || name === "half.store") {
      const [[low, high]] = this.#pop(1) as [Pair];
      to.set(at).get(at).get(low).memory("v128.store", offset, align);
      if (name === "v128.store") to.get(at).get(high).memory("v128.store", offset + 16, align);
    } else if (name === "half.load") to.memory("v128.load", offset, align).i32x4(0);
    else if (!name.startsWith("v128.")) to.memory(name as MemoryOp, offset, alignment);
    else if (name.endsWith("_zero")) to.memory(name as MemoryOp, offset, alignment).i32x4(0);
    else {
      const step = name === "v128.load" ? 16 : name.endsWith("_splat") ? 0 : 8;
      to.set(at).get(at).memory(name as MemoryOp, offset, align);
      to.get(at).memory(name as MemoryOp, offset + step, align);
    }
    return this;
  }

  #masked(name: "mask.load32" | "mask.store32", offset: number): void {
    const to = this.#to, at = this.#address, load = name === "mask.load32";
    const [value, mask] = load
      ? [this.#scratch[2]!, ...this.#pop(1)] as [Pair, Pair]
      : this.#pop(2) as [Pair, Pair];
    to.set(at);
    for (const half of [0, 1] as const) {
      if (load) to.i32x4(0).set(value[half]);
      for (let lane = 0; lane < 4; lane++) {
        const place = offset + 16 * half + 4 * lane;
        to.get(mask[half]).lane("i32x4.extract_lane", lane).i32(0).op("i32.lt_s").if(() => {
          to.get(at).get(value[half]).laneMemory(
            load ? "v128.load32_lane" : "v128.store32_lane",
            lane,
            place,
          );
          if (load) to.set(value[half]);
        });
      }
    }
    if (load) to.get(value[0]).get(value[1]);
  }

  override laneMemory(name: LaneMemoryOp, lane: number, offset = 0, alignment?: number): this {
    const to = this.#to, lanes = 128 / Number(/\d+(?=_lane)/.exec(name)![0]);
    const [pair] = this.#pop(1) as [Pair], half = Math.floor(lane / lanes) as 0 | 1;
    to.get(pair[half]).laneMemory(name, lane % lanes, offset, alignment);
    if (name.includes("load")) to.set(pair[half]).get(pair[0]).get(pair[1]);
    return this;
  }

  override lane(name: LaneOp, lane: number): this {
    const to = this.#to, lanes = Number(/x(\d+)/.exec(name)![1]), half = Math.floor(lane / lanes) as 0 | 1;
    if (name.includes("extract")) {
      const [pair] = this.#pop(1) as [Pair];
      to.get(pair[half]).lane(name, lane % lanes);
      return this;
    }
    const scalar = to.local(
      name.startsWith("i8") || name.startsWith("i16") || name.startsWith("i32")
        ? "i32"
        : name.slice(0, 3) as ValueType,
    );
    to.set(scalar);
    const [pair] = this.#pop(1) as [Pair];
    to.get(pair[half]).get(scalar).lane(name, lane % lanes).set(pair[half]).get(pair[0]).get(pair[1]);
    return this;
  }

  override shuffle(bytes: readonly number[]): this {
    const [a, b] = this.#pop(2) as [Pair, Pair];
    for (const half of [0, 1] as const) this.#to.get(a[half]).get(b[half]).shuffle(bytes);
    return this;
  }

  override i32(value: number): this {
    this.#to.i32(value);
    return this;
  }

  override i64(value: bigint): this {
    this.#to.i64(value);
    return this;
  }

  override f32(value: number): this {
    this.#to.f32(value);
    return this;
  }

  override f64(value: number): this {
    this.#to.f64(value);
    return this;
  }

  override v128(bytes: Uint8Array): this {
    this.#to.v128(bytes.slice(0, 16)).v128(bytes.slice(-16));
    return this;
  }

  override first(local: Local, bytes: Uint8Array): this {
    this.#to.first(local, bytes.slice(0, 16)).first(this.#high.get(local)!, bytes.slice(-16));
    return this;
  }

  override call(code: Pick<Code, "index">): this {
    this.#to.call(code);
    return this;
  }

  override block(body: (exit: Label) => void): this {
    this.#to.block(body);
    return this;
  }

  override loop(body: (again: Label) => void): this {
    this.#to.loop(body);
    return this;
  }

  override if(then: () => void, otherwise?: () => void): this {
    this.#to.if(then, otherwise);
    return this;
  }

  override br(label: Label): this {
    this.#to.br(label);
    return this;
  }

  override brIf(label: Label): this {
    this.#to.brIf(label);
    return this;
  }

  override memoryCopy(): this {
    this.#to.memoryCopy();
    return this;
  }

  override memoryFill(): this {
    this.#to.memoryFill();
    return this;
  }
}

/** A module with vectors of 32 bytes that engines can run. */
export class SplitModule extends ModuleBuilder {
  readonly #to = new ModuleBuilder();

  /** Makes an empty module. */
  constructor() {
    super({ vectorBytes: 32 });
  }

  override get imports(): readonly string[] {
    return this.#to.imports;
  }

  override import(name: string, options?: FunctionOptions): Pick<Code, "index"> {
    return this.#to.import(name, options);
  }

  override function(options?: FunctionOptions): Code {
    return new SplitCode(this.#to.function(options));
  }

  override finish(): Uint8Array<ArrayBuffer> {
    return this.#to.finish();
  }
}
