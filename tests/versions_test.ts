/** A change in place between forward and backward is an error or of no effect on the gradients, for every op. */
import { assert, assertEquals } from "@std/assert";
import { defineFunction, grad, noGrad, tape } from "@troodon/autograd";
import { Device, fromTypedArray, Generator, ReferenceBackend, Scope, Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { CASES, EDGES, type OpCase, type Sample, uniform } from "@troodon/testing";

const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(1) });

/** Elements of all operands: larger samples would only take longer. */
const LARGEST = 200;

/** Tensors that a call has to do with: operands, then results. */
interface Call {
  readonly leaves: readonly Tensor[];
  readonly operands: readonly Tensor[];
  readonly results: readonly Tensor[];
}

/** Runs a sample on results of ops, as leaves cannot be changed in place. */
function call({ op }: OpCase, sample: Sample): Call {
  const generator = new Generator(7);
  const leaves: Tensor[] = [];
  const operands = sample.map((operand) => {
    const dtype = operand.dtype === "float" ? "float64" : operand.dtype;
    const t = fromTypedArray(operand.draw(generator), operand.shape, { device, dtype });
    if (operand.dtype !== "float") return t;
    leaves.push(t.requiresGrad_());
    return t.clone();
  });
  device.generator.manualSeed(3);
  const made = op(...operands);
  const results = made instanceof Tensor
    ? [made]
    : Object.values(made).filter((t): t is Tensor => t instanceof Tensor);
  return { leaves, operands, results };
}

function gradients({ leaves, results }: Call): (number[] | null)[] {
  const roots = results.filter((y) => y.requiresGrad);
  const gradOutputs = roots.map((y) =>
    fromTypedArray(Float64Array.from({ length: y.numel() }, (_, i) => 1 + ((i * 7) % 5) / 4), y.shape, {
      device,
      dtype: y.dtype,
    })
  );
  return grad(roots, leaves, { gradOutputs, allowUnused: true }).map((g) =>
    g && [...g.dataSync()].map(Number)
  );
}

/** What is changed, which is another value everywhere, of its type and of its meaning as an index. */
function change(t: Tensor): void {
  noGrad(() => {
    if (t.dtype === "bool") t.copy_(t.logicalNot());
    else if (t.dtype === "float64" || t.dtype === "float32") t.mul_(-3).add_(0.7);
    else t.copy_(t.eq(0));
  });
}

const isRefused = (error: unknown): boolean =>
  (error instanceof TypeError || error instanceof RangeError) &&
  /in-place op|in place as/.test(error.message);

/** Whether the gradients are the same though tensor `number` was changed; null if that was refused. */
function survives(one: OpCase, sample: Sample, number: number): boolean | null {
  using _ = new Scope();
  const expected = gradients(call(one, sample));
  const changed = call(one, sample);
  try {
    change([...changed.operands, ...changed.results][number]!);
    const found = gradients(changed);
    const near = (a: number, b: number) =>
      Object.is(a, b) || a === b || Number.isFinite(b) && Math.abs(a - b) <= 1e-12 * Math.abs(b);
    return found.every((g, i) =>
      g === null ? expected[i] === null : g.every((v, j) => near(v, expected[i]![j]!))
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    return null;
  }
}

for (const [name, group] of Map.groupBy(CASES, (c) => c.name)) {
  const trials = group.flatMap((one) => {
    const sample = one.samples.find((s) => {
      const size = s.reduce((n, o) => n + sizeOf(o.shape), 0);
      return size > 0 && size <= LARGEST && s.some((o) => o.dtype === "float") && !s.includes(EDGES);
    });
    return sample && one.differentiable !== false ? [[one, sample] as const] : [];
  });
  if (trials.length === 0) continue;
  Deno.test(`${name}() has the gradients of the values it saw, or says that they were changed`, () => {
    for (const [one, sample] of trials) {
      const count = (() => {
        using _ = new Scope();
        const { operands, results } = call(one, sample);
        return results.some((y) => y.requiresGrad) ? operands.length + results.length : 0;
      })();
      for (let number = 0; number < count; number++) {
        const same = survives(one, sample, number);
        assert(same !== false, `the gradients changed with tensor ${number} of [operands, results]`);
      }
    }
  });
}

Deno.test("a change is refused where a gradient reads what was changed, and there alone", () => {
  const of = (op: OpCase["op"], number: number): boolean | null =>
    survives({ name: "", op, samples: [] }, [uniform([5], 1, 2), uniform([5], 1, 2)], number);
  // Operands 0 and 1, the result 2.
  const exp = (x: Tensor): Tensor => x.exp(), div = (x: Tensor, y: Tensor): Tensor => x.div(y);
  const add = (x: Tensor, y: Tensor): Tensor => x.add(y), mul = (x: Tensor, y: Tensor): Tensor => x.mul(y);
  assertEquals([0, 2].map((n) => of(exp, n)), [true, null]);
  assertEquals([0, 1, 2].map((n) => of(add, n)), [true, true, true]);
  assertEquals([0, 1, 2].map((n) => of(mul, n)), [null, null, true]);
  assertEquals(of(div, 1), null);
  // And where nothing would refuse it, the comparison sees it.
  const unsafe = defineFunction({
    name: "Unsafe",
    forward: (_, x) => x.mul(x),
    backward: (_, g) => g.mul(held!).mul(2),
  });
  let held: Tensor | null = null;
  assertEquals(of((x) => unsafe(held = x), 0), false);
});
