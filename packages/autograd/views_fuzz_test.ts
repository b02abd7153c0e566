/** Random programs of views, changes in place and reads, beside a model that knows where every element lies. */
import { assert, assertEquals } from "@std/assert";
import { type Device, fromTypedArray, Scope, type Tensor, tidy } from "@troodon/core";
import { grad, noGrad } from "./mod.ts";
import { makeDevice, randomOf } from "./support_test.ts";
import { Model, type Rule, type Shown } from "./views_support_test.ts";

const PROGRAMS = 60, STEPS = 40;

/** Numbers from 0 to 1. */
function numbers(seed: number): () => number {
  const random = randomOf(seed);
  return () => random(2 ** 20) / 2 ** 20;
}

/** A tensor and what it should be. */
interface Pair {
  readonly x: Tensor;
  readonly model: Shown;
}

const LEAVES = [[2, 3], [6], [3, 2, 2]], CONSTANTS = [[2, 3], [3, 4], [6], [2, 2, 3]];
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const ELEMENTS = LEAVES.reduce((sum, shape) => sum + sizeOf(shape), 0);

class Program {
  readonly #device: Device;
  readonly #next: () => number;
  readonly #model = new Model(ELEMENTS);
  readonly #pairs: Pair[] = [];
  readonly #leaves: Tensor[] = [];
  /** What was done, for whoever looks for the fault. */
  readonly log: string[] = [];

  constructor(device: Device, seed: number) {
    this.#device = device;
    this.#next = numbers(seed);
    for (const shape of LEAVES) {
      const { x, values } = this.#draw(shape);
      this.#leaves.push(x.requiresGrad_());
      this.#add("leaf", x, this.#model.leaf(values));
      this.#add("clone", x.clone(), this.#model.copy(this.#pairs.at(-1)!.model));
    }
    for (const shape of CONSTANTS) {
      const { x, values } = this.#draw(shape);
      this.#add("constant", x, this.#model.constant(values));
    }
  }

  #draw(shape: readonly number[]): { x: Tensor; values: number[] } {
    const values = Array.from({ length: sizeOf(shape) }, () => this.#next() - 0.5);
    return { x: fromTypedArray(Float64Array.from(values), shape, { device: this.#device }), values };
  }

  #add(what: string, x: Tensor, model: Shown): void {
    this.log.push(`${this.#pairs.length} = ${what}: [${x.shape}]`);
    this.#pairs.push({ x, model });
  }

  #below(n: number): number {
    return Math.floor(this.#next() * n);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  run(): void {
    for (let i = 0; i < STEPS; i++) {
      const kind = this.#next();
      if (kind < 0.35) this.#look();
      else if (kind < 0.85) this.#write();
      else if (kind < 0.93) this.#read();
      else this.#cut();
    }
  }

  /** Adds a view of any tensor, or a copy where no view is possible. */
  #look(): void {
    const from = this.#below(this.#pairs.length), { x, model } = this.#pairs[from]!;
    const axis = this.#below(Math.max(x.ndim, 1)), extent = x.shape[axis] ?? 1;
    const at = this.#below(extent), end = at + 1 + this.#below(extent - at);
    const looks: Record<string, () => Tensor> = {
      unsqueeze: () => x.unsqueeze(axis),
      flatten: () => x.flatten(),
      reshape: () => x.reshape([-1]),
      expand: () => x.unsqueeze(0).expand([2, ...x.shape]),
      alias: () => x.alias(),
      ...x.ndim > 0 && {
        transpose: () => x.transpose(0, -1),
        select: () => x.select(axis, at),
        slice: () => x.slice(axis, at, end),
        steps: () => x.slice(axis, undefined, undefined, 2),
        backwards: () => x.slice(axis, undefined, undefined, -1),
      },
      ...x.ndim > 1 && { diagonal: () => x.diagonal() },
      ...x.isContiguous() && x.numel() > 2 && { asStrided: () => x.asStrided([2, 2], [1, 1]) },
    };
    const name = this.#pick(Object.keys(looks)), y = looks[name]!();
    if (y.numel() > 24) return;
    this.#add(
      `${name} of ${from}`,
      y,
      y.storage === x.storage ? this.#model.view(model, y) : this.#model.copy(model),
    );
  }

  /** Adds a tensor that is calculated from two others. */
  #read(): void {
    const from = this.#below(this.#pairs.length),
      { x, model } = this.#pairs[from]!,
      made = this.#model.copy(model);
    const by = this.#alike(x), other = this.#wide(by, x);
    this.#model.change(made, other, (v, w) => [2 * Math.sin(v) - w, 2 * Math.cos(v), -1], true);
    this.#add(`2 sin ${from} - ${this.#pairs.indexOf(by)}`, x.clone().sin().mul(2).sub(by.x), made);
  }

  /** Any tensor that can be repeated to the shape of `x`. */
  #alike(x: Tensor): Pair {
    return this.#pick(
      this.#pairs.filter(({ x: y }) =>
        y.ndim <= x.ndim && y.shape.every((n, i) => n === 1 || n === x.shape[x.ndim - y.ndim + i])
      ),
    );
  }

  /** Its elements, repeated to the shape of `x`. */
  #wide({ x: y, model }: Pair, x: Tensor): { values: readonly number[]; slopes: readonly Float64Array[] } {
    const wide = this.#model.view(model, noGrad(() => y.expand(x.shape)));
    return { values: this.#model.values(wide), slopes: this.#model.slopes(wide) };
  }

  /** Adds a handle on the same elements without the history. */
  #cut(): void {
    const from = this.#below(this.#pairs.length), { x, model } = this.#pairs[from]!;
    this.#add(`detach of ${from}`, x.detach(), this.#model.detached(model));
  }

  /** Changes a tensor in place, of those that no leaf shows. */
  #write(): void {
    const { x, model } = this.#pick(
      this.#pairs.filter(({ model }) =>
        !model.history.isLeaf && !model.history.shared && this.#model.isInjective(model)
      ),
    );
    const source = this.#alike(x), other = this.#wide(source, x);
    // What lies in the same memory may overlap.
    const y = source.x.storage === x.storage ? source.x.clone() : source.x;
    const changes: Record<string, readonly [change: () => Tensor, rule: Rule]> = {
      "mul_(1.5)": [() => x.mul_(1.5), (v) => [1.5 * v, 1.5, 0]],
      sin_: [() => x.sin_(), (v) => [Math.sin(v), Math.cos(v), 0]],
      tanh_of_twice: [
        () => x.copy_(x.mul(2).tanh()),
        (v) => [Math.tanh(2 * v), 2 / Math.cosh(2 * v) ** 2, 0],
      ],
      zero_: [() => x.zero_(), () => [0, 0, 0]],
      round_: [() => x.round_(), (v) => [v < -0.5 ? -1 : v > 0.5 ? 1 : 0, 0, 0]],
      copy_: [() => x.copy_(y), (_, w) => [w, 0, 1]],
      add_: [() => x.add_(y, { alpha: 0.5 }), (v, w) => [v + 0.5 * w, 1, 0.5]],
      mul_: [() => x.mul_(y.clone()), (v, w) => [v * w, w, v]],
      addcmul_: [() => x.addcmul_(y.clone(), y.clone()), (v, w) => [v + w * w, 1, 2 * w]],
    };
    const name = this.#pick(Object.keys(changes)),
      [change, rule] = changes[name]!,
      recorded = this.#next() < 0.85;
    // Rounding is but for numbers that are small.
    if (name === "round_" && this.#model.values(model).some((v) => Math.abs(v) > 1.4)) return;
    const [to, by] = [x, source.x].map((t) => this.#pairs.findIndex((pair) => pair.x === t));
    this.log.push(`${to} ${name} ${by}${recorded ? "" : ", not recorded"}`);
    if (recorded) change();
    else noGrad(change);
    this.#model.change(model, other, rule, recorded);
  }

  /** Compares all tensors, and the gradients of the leaves. */
  check(createGraph: boolean): void {
    const expected = new Float64Array(ELEMENTS), parts: Tensor[] = [];
    this.#pairs.forEach(({ x, model }, i) => {
      near(`tensor ${i}`, x, this.#model.values(model));
      const { x: weight, values } = this.#draw(x.shape), slopes = this.#model.slopes(model);
      // The gradient of a plain sum is one number, repeated.
      if (i % 3 === 0) values.fill(1);
      if (x.requiresGrad) parts.push(i % 3 === 0 ? x.sum() : x.mul(weight).sum());
      else assert(slopes.every((all) => all.every((s) => s === 0)), `tensor ${i} must require a gradient`);
      values.forEach((w, at) => slopes[at]!.forEach((s, j) => expected[j]! += w * s));
    });
    const loss = parts.reduce((a, b) => a.add(b));
    const found = grad(loss, this.#leaves, { createGraph, retainGraph: true, allowUnused: true });
    let start = 0;
    found.forEach((g, i) => {
      const size = this.#leaves[i]!.numel(), wanted = [...expected.subarray(start, start += size)];
      if (g !== null) near(`the gradient of leaf ${i}`, g, wanted);
      else assert(wanted.every((n) => n === 0), `leaf ${i} must have a gradient`);
    });
  }
}

function near(what: string, actual: Tensor, expected: readonly number[]): void {
  const found = [...actual.dataSync()].map(Number), size = Math.max(1, ...expected.map(Math.abs));
  assertEquals(found.length, expected.length);
  const at = found.findIndex((v, i) => !(Math.abs(v - expected[i]!) <= 1e-10 * size));
  assert(at < 0, `element ${at} of ${what} is ${found[at]}: it must be ${expected[at]}`);
}

Deno.test("random programs of views and changes in place have the values and gradients of a model", () => {
  const device = makeDevice(), { buffers } = device.memory;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    using _ = new Scope();
    const program = new Program(device, seed);
    try {
      program.run();
      program.check(false);
      program.check(true);
      // What a scope within kept is all that is needed.
      tidy(() => program.run());
    } catch (error) {
      throw new Error(`program ${seed}:\n${program.log.join("\n")}`, { cause: error });
    }
  }
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("the model changes what a view shows, and the slopes of its history alone", () => {
  const model = new Model(2), x = model.copy(model.leaf([1, 2])), cut = model.detached(x);
  const second = model.view(x, { shape: [1], strides: [1], offset: 1 });
  model.change(second, { values: [0], slopes: [new Float64Array(2)] }, (v) => [3 * v, 3, 0], true);
  assertEquals([model.values(x), model.values(cut)], [[1, 6], [1, 6]]);
  assertEquals(model.slopes(x).map((s) => [...s]), [[1, 0], [0, 3]]);
  assertEquals(model.slopes(cut).map((s) => [...s]), [[0, 0], [0, 0]]);
});
