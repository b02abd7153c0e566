/** Where the numbers of a dispatch lie: the header, offsets of views, numbers of the kernel, scalars of its bodies. */
import type { Body, ComputeType } from "@troodon/core";
import { toInt32, toInt64 } from "@troodon/core/kernel";
import type { Operands } from "../operands.ts";
import type { LiveWord, Words } from "../plan/plan.ts";
import type { PartWords } from "./entry_point.ts";
import { HEADER } from "./prelude.ts";
import { bitsOfFloat, kindOf, wordsOfLong } from "./types.ts";

const INFINITY = 0x7f800000, NAN = 0x7fc00000;

/** Gives each number of a shader its word. */
export class WordLayout {
  readonly #offsets: readonly number[];
  readonly #own: number;
  readonly #live: LiveWord[] = [];
  /** Scalars that are the same whenever the shader runs: their words and bits. */
  readonly #known: (readonly [number, number])[] = [];
  #size: number;
  #part = -1;

  /** After the header come the offsets of `operands` that do not begin their buffers, and `own` numbers of the kernel. */
  constructor({ views }: Operands, own: number) {
    let size: number = HEADER.size;
    this.#offsets = views.map(({ offset, operand }) => {
      if (offset === 0) return -1;
      this.#live.push({ kind: "offset", at: size, operand });
      return size++;
    });
    this.#own = size;
    this.#size = size + own;
  }

  /** How many words there are, in vectors of four. */
  get vectors(): number {
    return Math.ceil(this.#size / 4);
  }

  /** Sizes and scalars that are the same whenever the shader runs. */
  get known(): readonly number[] {
    return this.#known.map(([, value]) => value);
  }

  /** The offset of operand `t` as text; undefined where it is 0. */
  offset(t: number): string | undefined {
    const at = this.#offsets[t]!;
    return at < 0 ? undefined : wordText(at);
  }

  /** Number `i` of the kernel as text. */
  own(i: number): string {
    return wordText(this.#own + i);
  }

  /** Room for the scalars of `body`: those of the call, unless `scalars` are given. Text of scalar `i`: a word, or both of an int64. */
  scalars(body: Body, compute: ComputeType, scalars: readonly number[] | undefined): (i: number) => string {
    const first = this.#size, count = body.hostScalarCount, number = kindOf(compute);
    const width = number === "l" ? 2 : 1;
    if (scalars) {
      const values = body.hostScalars(scalars);
      for (let i = 0; i < count; i++) {
        const value = values[i]!;
        if (number === "l") {
          const [low, high] = wordsOfLong(toInt64(value));
          this.#known.push([first + 2 * i, low], [first + 2 * i + 1, high]);
        } else this.#known.push([first + i, number === "i" ? toInt32(value) : bitsOfFloat(value)]);
      }
    } else if (count > 0) {
      this.#live.push({ kind: "scalars", at: first, body, number });
    }
    this.#size += width * count;
    return (i) =>
      number === "l"
        ? `vec2u(${wordText(first + 2 * i)}, ${wordText(first + 2 * i + 1)})`
        : wordText(first + i);
  }

  /** A number that is part of the call and not of the shader, which so does for all of them. As text. */
  size(value: number): string {
    this.#known.push([this.#size, value]);
    return wordText(this.#size++);
  }

  /** Room for the numbers of a part of a grid. */
  part(): PartWords {
    if (this.#part < 0) {
      this.#part = this.#size;
      this.#size += 3;
    }
    const [first, layer, layers] = [0, 1, 2].map((i) => wordText(this.#part + i)) as [string, string, string];
    return { first, layer, layers };
  }

  /** Says that random numbers are drawn. */
  draw(): void {
    if (!this.#live.some(({ kind }) => kind === "random")) {
      this.#live.push({ kind: "random", at: HEADER.seed });
    }
  }

  /** The numbers of a dispatch over `count` threads, with the kernel's `own`, and those of its `part` in the order of {@linkcode PartWords}. */
  words(count: number, own: readonly number[], part: readonly number[] = []): Words {
    const fixed = new Uint32Array(this.#size);
    fixed[HEADER.infinity] = INFINITY;
    fixed[HEADER.nan] = NAN;
    fixed[HEADER.count] = count;
    fixed.set(own, this.#own);
    if (part.length > 0) fixed.set(part, this.#part);
    for (const [at, bits] of this.#known) fixed[at] = bits;
    return { fixed, live: [...this.#live] };
  }
}

function wordText(i: number): string {
  return `numbers[${i >> 2}].${"xyzw"[i & 3]}`;
}
