/** Loops over strided operands: what the host plans and kernels walk. */
import type { CpuBuffer, KernelContext } from "../kernel.ts";
import { pieces } from "../threads/task.ts";
import type { Code, Local } from "../wasm/assembler.ts";
import type { RandomState } from "@troodon/core";

/** Parts along the axis of vectors are a multiple of this, so that no vector is wasted. */
const VECTORS = 32;

/** An iteration space: axes outermost first, and for each operand its strides along them. */
export interface Space {
  readonly extents: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The axes `axes` of a space, in that order, without those of extent 1. */
export function pick({ extents, strides }: Space, axes: readonly number[]): Space {
  const kept = axes.filter((a) => extents[a] !== 1);
  return { extents: kept.map((a) => extents[a]!), strides: strides.map((s) => kept.map((a) => s[a]!)) };
}

/** Axes of a space ordered by how far apart their elements lie, in the first operand that can tell. */
export function byDistance({ extents, strides }: Space): number[] {
  const order = extents.map((_, axis) => axis);
  return order.sort((a, b) => {
    for (const s of strides) {
      const [x, y] = [Math.abs(s[a]!), Math.abs(s[b]!)];
      if (x !== y && x !== 0 && y !== 0) return y - x;
    }
    return a - b;
  });
}

/** The same space with neighbouring axes made one where all operands go on from one to the other. */
export function coalesce({ extents, strides }: Space): Space {
  const joined: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    const last = joined[0];
    const extent = extents[axis]!;
    if (last !== undefined && strides.every((s, t) => s[axis] === steps[t]![0]! * last)) {
      joined[0] = last * extent;
    } else {
      joined.unshift(extent);
      strides.forEach((s, t) => steps[t]!.unshift(s[axis]!));
    }
  }
  return { extents: joined, strides: steps };
}

/** A part of a space, and where each operand starts in it, in elements. */
export interface Part {
  readonly space: Space;
  readonly offsets: readonly number[];
}

/** Cuts a space into about `count` parts, along the outermost of its first `axes` axes that is long enough, or the longest. */
export function cut(space: Space, axes: number, count: number): Part[] {
  const extents = space.extents.slice(0, axes);
  const long = extents.findIndex((extent) => extent >= count);
  const axis = long >= 0 ? long : extents.indexOf(Math.max(...extents));
  return pieces(extents[axis]!, count, axis === axes - 1 ? VECTORS : 1).map(({ start, size }) => ({
    space: { extents: space.extents.with(axis, size), strides: space.strides },
    offsets: space.strides.map((s) => start * s[axis]!),
  }));
}

/** A space with at least one axis. */
export function atLeastOne(space: Space): Space {
  return space.extents.length > 0 ? space : { extents: [1], strides: space.strides.map(() => [0]) };
}

/**
 * Where a kernel finds its numbers in its parameter block: the operands'
 * pointers, then for each loop its extent and the operands' strides, then
 * scalars (float64), then the random state.
 */
export class Parameters {
  readonly #operands: number;
  readonly #levels: number;
  readonly #scalars: number;

  /** The layout for these counts. */
  constructor(operands: number, levels: number, scalars: number) {
    this.#operands = operands;
    this.#levels = levels;
    this.#scalars = scalars;
  }

  /** Byte offset of an operand's pointer. */
  pointer(operand: number): number {
    return 4 * operand;
  }

  /** Byte offset of a loop's extent. */
  extent(level: number): number {
    return 4 * (this.#operands + level * (this.#operands + 1));
  }

  /** Byte offset of an operand's stride in a loop. */
  stride(level: number, operand: number): number {
    return this.extent(level) + 4 + 4 * operand;
  }

  /** Byte offset of a scalar. */
  scalar(index: number): number {
    return Math.ceil(this.extent(this.#levels) / 8) * 8 + 8 * index;
  }

  /** Byte offset of the random state's four words. */
  get random(): number {
    return this.scalar(this.#scalars);
  }

  /** Bytes of the block. */
  get bytes(): number {
    return this.random + 16;
  }
}

/** A parameter block in memory, with all that does not change from call to call. */
export class Block {
  readonly #buffer: CpuBuffer;
  readonly #layout: Parameters;
  /** Which of the memory's float64 is the first scalar. */
  readonly #scalars: number;
  /** Bytes to add to each operand's pointer. */
  readonly #shifts: readonly number[];

  /** Writes extents and strides, in bytes. */
  constructor(context: KernelContext, layout: Parameters, space: Space, shifts: readonly number[]) {
    this.#buffer = context.memory.allocate(layout.bytes);
    this.#layout = layout;
    this.#scalars = (this.#buffer.pointer + layout.scalar(0)) / 8;
    this.#shifts = shifts;
    const words = context.memory.i32;
    const base = this.#buffer.pointer;
    space.extents.forEach((extent, level) => {
      words[(base + layout.extent(level)) / 4] = extent;
      space.strides.forEach((s, t) => words[(base + layout.stride(level, t)) / 4] = s[level]!);
    });
  }

  /** Its address. */
  get address(): number {
    return this.#buffer.pointer;
  }

  /** Its address, for a call with operands at `count` of the pointers from `first` on. */
  at(words: Int32Array, pointers: readonly number[], first = 0, count: number = pointers.length): number {
    const base = this.#buffer.pointer / 4;
    for (let t = 0; t < count; t++) words[base + t] = pointers[first + t]! + this.#shifts[t]!;
    return this.#buffer.pointer;
  }

  /** Sets the call's scalars. */
  setScalars(
    context: KernelContext,
    scalars: readonly number[],
    numbers: Float64Array = context.memory.f64,
  ): void {
    const first = this.#scalars;
    for (let i = 0; i < scalars.length; i++) numbers[first + i] = scalars[i]!;
  }

  /** Sets where random numbers come from. */
  setRandom(context: KernelContext, { seed, offset }: RandomState): void {
    const first = (this.#buffer.pointer + this.#layout.random) / 4;
    const words = context.memory.i32;
    words[first] = seed[0];
    words[first + 1] = seed[1];
    words[first + 2] = offset[0];
    words[first + 3] = offset[1];
  }

  /** Gives its memory back. */
  release(context: KernelContext): void {
    context.memory.release(this.#buffer);
  }
}

/** The loops of a kernel, whose parameter 0 is its block's address. */
export class Nest {
  readonly #code: Code;
  readonly #layout: Parameters;
  readonly #operands: number;

  /** Loops over `operands` operands. */
  constructor(code: Code, layout: Parameters, operands: number) {
    this.#code = code;
    this.#layout = layout;
    this.#operands = operands;
  }

  /** The operands' pointers as the host gave them. */
  start(): Local[] {
    return Array.from({ length: this.#operands }, (_, t) => this.#load(this.#layout.pointer(t)));
  }

  /** The extent of a loop. */
  extent(level: number): Local {
    return this.#load(this.#layout.extent(level));
  }

  /** An operand's stride in a loop. */
  stride(level: number, operand: number): Local {
    return this.#load(this.#layout.stride(level, operand));
  }

  /** Copies of pointers, to be moved. */
  copy(pointers: readonly Local[]): Local[] {
    const locals = this.#code.locals("i32", pointers.length);
    pointers.forEach((p, t) => this.#code.get(p).set(locals[t]!));
    return locals;
  }

  /** Runs `body` for each position of a loop, with pointers that have moved along. */
  each(level: number, from: readonly Local[], body: (pointers: Local[]) => void): void {
    const code = this.#code;
    const pointers = this.copy(from);
    code.repeat(this.extent(level), () => {
      body(pointers);
      this.step(level, pointers);
    });
  }

  /** Moves pointers to the next position of a loop. */
  step(level: number, pointers: readonly Local[]): void {
    pointers.forEach((p, t) => {
      this.#code.get(p).get(0).memory("i32.load", this.#layout.stride(level, t)).op("i32.add").set(p);
    });
  }

  /** `each` for the loops `levels`, outermost first. */
  all(levels: readonly number[], from: readonly Local[], body: (pointers: Local[]) => void): void {
    const [level, ...rest] = levels;
    if (level === undefined) body([...from]);
    else this.each(level, from, (pointers) => this.all(rest, pointers, body));
  }

  #load(offset: number): Local {
    const local = this.#code.local("i32");
    this.#code.get(0).memory("i32.load", offset).set(local);
    return local;
  }
}
