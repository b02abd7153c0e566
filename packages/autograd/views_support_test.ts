/** A model of tensors that share elements: where each lies, what it is, and its slope along every element of the leaves. */
import type { Layout } from "@troodon/core";

/** What tensors that have a history in common know of each place of their memory. */
interface History {
  /** Whether it begins with a leaf, which no recorded change may concern. */
  readonly isLeaf: boolean;
  /** Whether elements of the tensor that it begins with share places. */
  readonly shared: boolean;
  /** The slopes of each place along each element of the leaves. */
  readonly slopes: Float64Array[];
}

/** A tensor: which places of which memory it shows, in row-major order, and with which history. */
export interface Shown {
  readonly memory: Float64Array;
  readonly history: History;
  readonly places: readonly number[];
}

/** From an element and one of another tensor to what becomes of it, and the slopes of that along both. */
export type Rule = (v: number, w: number) => readonly [value: number, alongV: number, alongW: number];

/** Where the elements of a layout lie, in row-major order. */
function placesOf({ shape, strides, offset }: Layout): number[] {
  return shape.reduce(
    (places, extent, axis) =>
      places.flatMap((place) => Array.from({ length: extent }, (_, i) => place + i * strides[axis]!)),
    [offset],
  );
}

/** The memory of a program. */
export class Model {
  readonly #elements: number;
  #used = 0;

  /** @param elements Of all leaves together. */
  constructor(elements: number) {
    this.#elements = elements;
  }

  #fresh(values: readonly number[], slopes: readonly Float64Array[], isLeaf: boolean): Shown {
    return {
      memory: Float64Array.from(values),
      history: { isLeaf, shared: false, slopes: slopes.map((s) => s.slice()) },
      places: values.map((_, i) => i),
    };
  }

  /** A tensor without history. */
  constant(values: readonly number[]): Shown {
    return this.#fresh(values, values.map(() => new Float64Array(this.#elements)), false);
  }

  /** A tensor that requires a gradient. */
  leaf(values: readonly number[]): Shown {
    const slopes = values.map(() => {
      const one = new Float64Array(this.#elements);
      one[this.#used++] = 1;
      return one;
    });
    return this.#fresh(values, slopes, true);
  }

  /** The elements of a tensor. */
  values({ memory, places }: Shown): number[] {
    return places.map((place) => memory[place]!);
  }

  /** The slopes of the elements of a tensor. */
  slopes({ history, places }: Shown): Float64Array[] {
    return places.map((place) => history.slopes[place]!);
  }

  /** A view. */
  view({ memory, history }: Shown, layout: Layout): Shown {
    return { memory, history, places: placesOf(layout) };
  }

  /** A tensor of its own with the elements of another. */
  copy(x: Shown): Shown {
    return this.#fresh(this.values(x), this.slopes(x), false);
  }

  /** A detached tensor that shares the elements of this one. */
  detached(x: Shown): Shown {
    const slopes = x.history.slopes.map(() => new Float64Array(this.#elements));
    return { ...x, history: { isLeaf: false, shared: !this.isInjective(x), slopes } };
  }

  /** Whether each element has a place of its own. */
  isInjective({ places }: Shown): boolean {
    return new Set(places).size === places.length;
  }

  /** Changes a tensor in place by another one, which is repeated over its last axes; `recorded`: its slopes too. */
  change(
    x: Shown,
    other: { values: readonly number[]; slopes: readonly Float64Array[] },
    rule: Rule,
    recorded: boolean,
  ): void {
    x.places.forEach((place, i) => {
      const [value, alongV, alongW] = rule(x.memory[place]!, other.values[i]!);
      x.memory[place] = value;
      if (!recorded) return;
      const before = x.history.slopes[place]!, along = other.slopes[i]!;
      x.history.slopes[place] = before.map((s, j) => alongV * s + alongW * along[j]!);
    });
  }
}
