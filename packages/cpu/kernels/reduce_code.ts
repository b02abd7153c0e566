/** Code of reductions: along rows, or down several columns at once. */
import type { Body, ComputeType, ReduceOp } from "@troodon/core";
import { store } from "../lower/lanes.ts";
import { indicesOf, Leaves, type OperandSpec } from "../lower/leaves.ts";
import { hostFunctions, Lowering } from "../lower/lowering.ts";
import type { Value } from "../lower/machine.ts";
import { Nest, type Parameters } from "../lower/nest.ts";
import { HostImports, WasmMachine } from "../lower/wasm_machine.ts";
import { bytesOf } from "@troodon/core";
import type { Code, Local, ModuleBuilder } from "../wasm/assembler.ts";
import { Accumulator } from "./accumulator.ts";

/** What the code depends on. Operands: inputs, the output, then positions. */
export interface ReduceSpec {
  readonly op: ReduceOp;
  readonly body: Body;
  readonly post: Body | undefined;
  readonly compute: ComputeType;
  /** Whether a vector holds several results. */
  readonly columns: boolean;
  /** Whether columns are so many and long that they are taken some rows at a time, with their sums in memory. */
  readonly blocked: boolean;
  readonly operands: readonly OperandSpec[];
  readonly inputs: number;
  /** Loops over results. */
  readonly outer: number;
  /** Loops over what is brought together. */
  readonly inner: number;
  readonly layout: Parameters;
}

/** Vectors of a row that are worked on at once. */
const UNROLL = 4;
/** The same of columns: two cache lines, so that few rows share a page with what is read next. */
const WIDE = 8;
/** Turns after which a running float32 sum goes to the float64 one: its error grows with their number. */
const TURNS = 32;

/** Bytes of temporary memory that `columns` columns need in {@linkcode ReduceSpec.blocked} code. */
export function blockedBytes(columns: number): number {
  return SLOT * (Math.ceil(columns / 2) + 4);
}

/** Room for one vector of running results. */
const SLOT = 32;

/** Emits "run(block, temporary)". */
export function emitReduce(module: ModuleBuilder, spec: ReduceSpec): void {
  const programs = [spec.body.program, ...(spec.post ? [spec.post.program] : [])];
  const fns = programs.flatMap((p) => hostFunctions(p, spec.compute));
  const imports = new HostImports(module, fns, spec.compute);
  const code = module.function({ params: ["i32", "i32"], export: "run" });
  new Emitter(code, new WasmMachine(code, spec.compute, imports), spec).run();
}

class Emitter {
  readonly #code: Code;
  readonly #machine: WasmMachine;
  readonly #spec: ReduceSpec;
  readonly #nest: Nest;
  readonly #leaves: Leaves;
  readonly #lowering: Lowering;
  readonly #post: Lowering | undefined;
  readonly #strides: readonly Local[];
  #result: Value = 0;

  constructor(code: Code, machine: WasmMachine, spec: ReduceSpec) {
    const { body, post, compute, operands, layout, inputs } = spec;
    this.#code = code;
    this.#machine = machine;
    this.#spec = spec;
    this.#nest = new Nest(code, layout, operands.length);
    const along = spec.columns ? spec.outer - 1 : spec.outer + spec.inner - 1;
    this.#strides = operands.map((_, t) => this.#nest.stride(along, t));
    const { axes } = indicesOf(body.program);
    const index = (axis: number | "element"): number => inputs + 1 + axes.indexOf(axis as number);
    const lane = (axis: number | "element") => operands[index(axis)]!.lane;
    const leaves = new Leaves(code, machine, layout, operands, index, lane, this.#strides);
    this.#leaves = leaves;
    this.#lowering = new Lowering(
      body.program,
      compute,
      machine,
      (leaf) => leaves.emit(leaf),
      (leaf) => leaves.varies(leaf),
    );
    this.#post = post && new Lowering(
      post.program,
      compute,
      machine,
      (leaf) => {
        if (leaf.kind === "input") return this.#result;
        const shifted = leaf.kind === "scalar" ? { ...leaf, index: leaf.index + body.hostScalarCount } : leaf;
        return leaves.emit(shifted);
      },
      (leaf) => leaf.kind === "input" ? 2 : 0,
    );
  }

  run(): void {
    this.#lowering.emit(0);
    this.#post?.emit(0);
    const { columns, outer, inner } = this.#spec;
    const outers = Array.from({ length: columns ? outer - 1 : outer }, (_, level) => level);
    const inners = Array.from({ length: inner - 1 }, (_, level) => outer + level);
    this.#nest.all(outers, this.#nest.start(), (pointers) => {
      if (this.#spec.blocked) this.#blocks(pointers, inners);
      else if (columns) this.#columns(pointers, inners);
      else this.#row(pointers, inners);
    });
  }

  /** One result: the vectors of a row, then their lanes. */
  #row(from: readonly Local[], inners: readonly number[]): void {
    const { op, outer, inner } = this.#spec;
    const { lanes } = this.#machine;
    const accumulator = new Accumulator(this.#code, this.#machine, op, UNROLL);
    accumulator.clear();
    this.#nest.all(inners, from, (row) => {
      const pointers = this.#nest.copy(row);
      this.#leaves.pointers = pointers;
      const left = this.#nest.extent(outer + inner - 1);
      this.#machine.scope(() =>
        this.#lowering.scope(() => {
          this.#lowering.emit(1);
          this.#inTurns(left, TURNS * UNROLL * lanes, accumulator, (rest) => {
            for (const width of [UNROLL * lanes, lanes, 1]) {
              this.#while(rest, width, () => {
                for (let skip = 0, slot = 0; skip < width; skip += lanes, slot++) {
                  this.#element(Math.min(width, lanes), skip, (value) => {
                    accumulator.add(slot, width > 1 ? value : accumulator.firstLane(value));
                  });
                }
                this.#move(pointers, width);
              });
            }
            accumulator.settle();
          });
        })
      );
    });
    this.#leaves.pointers = from;
    this.#finish(accumulator.total(), 1, 0);
  }

  /** Several results at once, each in its lane. */
  #columns(from: readonly Local[], inners: readonly number[]): void {
    const { op, outer, inner } = this.#spec;
    const { lanes } = this.#machine;
    const start = this.#nest.copy(from);
    const columns = this.#nest.extent(outer - 1);
    for (const width of [WIDE * lanes, lanes, 1]) {
      const vectors = Math.max(1, width / lanes);
      const accumulator = new Accumulator(this.#code, this.#machine, op, vectors);
      this.#while(columns, width, () => {
        accumulator.clear();
        this.#nest.all(inners, start, (column) => {
          const pointers = this.#nest.copy(column);
          this.#leaves.pointers = pointers;
          const left = this.#nest.extent(outer + inner - 1);
          this.#inTurns(left, TURNS, accumulator, (rest) => {
            this.#rows(rest, pointers, width, accumulator);
            accumulator.settleEach();
          });
        });
        this.#leaves.pointers = start;
        for (let slot = 0; slot < vectors; slot++) {
          this.#finish(accumulator.column(slot), Math.min(width, lanes), slot * lanes);
        }
        this.#move(start, width);
      });
    }
  }

  /** The same for some rows at a time: rows that lie far apart are read a page after another. */
  #blocks(from: readonly Local[], inners: readonly number[]): void {
    const { op, outer, inner } = this.#spec;
    const code = this.#code;
    const { lanes } = this.#machine;
    const slot = code.local("i32");
    const single = new Accumulator(code, this.#machine, op, 1);
    const overSlots = (widths: readonly number[], pointers: Local[], body: (width: number) => void): void => {
      const columns = this.#nest.extent(outer - 1);
      code.get(1).set(slot);
      for (const width of widths) {
        this.#while(columns, width, () => {
          body(width);
          this.#move(pointers, width);
          code.increase(slot, SLOT * Math.max(1, width / lanes));
        });
      }
    };
    overSlots([lanes, 1], [], () => {
      single.clear();
      single.spill(0, slot, 0);
    });
    this.#nest.all(inners, from, (row) => {
      const base = this.#nest.copy(row);
      const left = this.#nest.extent(outer + inner - 1), rows = code.local("i32"), rest = code.local("i32");
      code.block((exit) =>
        code.loop((again) => {
          code.get(left).op("i32.eqz").brIf(exit);
          code.get(left).i32(TURNS).get(left).i32(TURNS).op("i32.lt_u", "select").set(rows);
          code.get(left).get(rows).op("i32.sub").set(left);
          const start = this.#nest.copy(base);
          overSlots([WIDE * lanes, lanes, 1], start, (width) => {
            const vectors = Math.max(1, width / lanes);
            const accumulator = new Accumulator(code, this.#machine, op, vectors);
            for (let v = 0; v < vectors; v++) accumulator.fill(v, slot, SLOT * v);
            const pointers = this.#nest.copy(start);
            this.#leaves.pointers = pointers;
            code.get(rows).set(rest);
            this.#rows(rest, pointers, width, accumulator);
            accumulator.settleEach();
            for (let v = 0; v < vectors; v++) accumulator.spill(v, slot, SLOT * v);
          });
          code.get(rows).set(rest);
          code.repeat(rest, () => this.#nest.step(outer + inner - 1, base));
          code.br(again);
        })
      );
    });
    const start = this.#nest.copy(from);
    this.#leaves.pointers = start;
    overSlots([lanes, 1], start, (width) => {
      single.fill(0, slot, 0);
      this.#finish(single.column(0), width, 0);
    });
  }

  /** Takes in `rest` rows of columns. */
  #rows(rest: Local, pointers: readonly Local[], width: number, accumulator: Accumulator): void {
    const { outer, inner } = this.#spec;
    const { lanes } = this.#machine;
    this.#while(rest, 1, () => {
      this.#machine.scope(() =>
        this.#lowering.scope(() => {
          this.#lowering.emit(1);
          for (let skip = 0; skip < width; skip += lanes) {
            this.#element(Math.min(width, lanes), skip, (value) => accumulator.add(skip / lanes, value));
          }
        })
      );
      this.#nest.step(outer + inner - 1, pointers);
    });
  }

  /** Emits the body's value at the current pointers. */
  #element(lanes: number, skip: number, use: (value: Value) => void): void {
    this.#leaves.lanes = lanes;
    this.#leaves.skip = skip;
    this.#machine.scope(() =>
      this.#lowering.scope(() => {
        this.#lowering.emit(2);
        use(this.#lowering.output(0));
      })
    );
  }

  /** Applies what comes after, and stores. */
  #finish(value: Value, lanes: number, skip: number): void {
    const { inputs, operands } = this.#spec;
    const code = this.#code;
    const machine = this.#machine;
    const target = this.#leaves.operand(inputs, operands[inputs]!);
    const put = (result: Value): void =>
      store(
        code,
        machine,
        target,
        lanes,
        skip,
        result,
        () => machine.emit("notEqual", result, machine.constant(0)),
      );
    machine.scope(() => {
      const post = this.#post;
      if (post === undefined) return put(value);
      this.#result = value;
      post.scope(() => {
        post.emit(2);
        put(post.output(0));
      });
    });
  }

  /** Runs `body` for pieces of `left` if running sums must settle in between, else for all of it. */
  #inTurns(left: Local, most: number, accumulator: Accumulator, body: (rest: Local) => void): void {
    const code = this.#code;
    if (!accumulator.wide) return body(left);
    const rest = code.local("i32"), limit = code.local("i32");
    code.i32(most).set(limit);
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).op("i32.eqz").brIf(exit);
        code.get(left).get(limit).get(left).get(limit).op("i32.lt_u", "select").set(rest);
        code.get(left).get(rest).op("i32.sub").set(left);
        body(rest);
        code.br(again);
      })
    );
  }

  /** Repeats `body` while at least `width` are left. */
  #while(left: Local, width: number, body: () => void): void {
    const code = this.#code;
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).i32(width).op("i32.lt_s").brIf(exit);
        body();
        code.increase(left, -width).br(again);
      })
    );
  }

  /** Moves pointers `width` elements along the vectors' axis. */
  #move(pointers: readonly Local[], width: number): void {
    const code = this.#code;
    pointers.forEach((_, t) => {
      const { dtype, lane } = this.#spec.operands[t]!;
      if (lane === "dense") code.increase(pointers[t]!, width * bytesOf(dtype));
      else if (lane === "strided") {
        code.get(pointers[t]!).get(this.#strides[t]!).i32(width).op("i32.mul", "i32.add").set(pointers[t]!);
      }
    });
  }
}
