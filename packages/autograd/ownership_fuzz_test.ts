/** Random calculations, written with scopes at every turn and without any: gradients agree, and nothing stays behind. */
import { assert, assertEquals } from "@std/assert";
import { type Device, Scope, scoped, type Tensor, tidy, tidySync } from "@troodon/core";
import { flow } from "@troodon/core/kernel";
import { checkpoint, grad, gradOf, valueAndGrad } from "./mod.ts";
import { leaf, makeDevice, type Random, randomOf } from "./support_test.ts";

type Step = (...inputs: Tensor[]) => Tensor;
/** Puts a step into a block of some kind. */
type Wrap = (step: Step) => Step;

const SCOPES: readonly Wrap[] = [
  (step) => step,
  (step) => (...inputs) => tidy(() => step(...inputs)),
  (step) => (...inputs) => tidySync(() => [step(...inputs)])[0]!,
  (step) => (...inputs) => scoped((keep) => keep(step(...inputs))),
  (step) => (...inputs) => {
    using scope = new Scope();
    return scope.keep(step(...inputs));
  },
  (step) => (...inputs) => {
    using outer = new Scope();
    using _ = new Scope();
    return outer.keep(step(...inputs));
  },
  (step) => (...inputs) => tidy(() => ({ list: [step(...inputs), inputs[0]!.mul(2)] })).list[0]!,
];

/** Within these nothing may be differentiated. */
const CHECKPOINTS: readonly Wrap[] = [
  (step) => (...inputs) => checkpoint(step, ...inputs),
  (step) => (...inputs) => tidy(() => checkpoint((...own: Tensor[]) => tidy(() => step(...own)), ...inputs)),
  ...SCOPES,
];

/** How many kinds of steps there are that differentiate nothing. */
const PLAIN_STEPS = 7;

/** A calculation of the given depth: `random` says of what, `wrap` in what blocks. */
function calculation(random: Random, depth: number, wrap: () => Wrap, kinds: number): Step {
  if (depth === 0) {
    const leaves: Step[] = [(x) => x!.sin(), (_, y) => y!.mul(0.5), (x, y) => x!.mul(y!), (x) => x!.add(1)];
    return leaves[random(leaves.length)]!;
  }
  const kind = random(kinds);
  const a = calculation(random, depth - 1, wrap, kinds), b = calculation(random, depth - 1, wrap, kinds);
  const steps: Step[] = [
    (x, y) => a(x!, y!).add(b(x!, y!)),
    (x, y) => a(x!, y!).mul(b(x!, y!)).tanh(),
    (x, y) => a(b(x!, y!), y!),
    (x, y) => a(x!, b(x!, y!)).reshape([2, 2]).t().reshape([4]),
    (x, y) => b(x!, y!).softmax(0).mul(a(x!, y!)),
    (x, y) => a(x!, y!).clone().mul_(2).add(b(x!, y!)),
    (x, y) => a(x!, y!).layerNorm([4]).add(y!),
    // A derivative within.
    (x, y) => gradOf((z: Tensor) => b(z, y!).sum())(a(x!, y!)).add(x!),
    (x, y) => valueAndGrad((z: Tensor) => a(z, x!).sin().sum())(y!).reduce((p, q) => p.add(q)).add(b(x!, y!)),
  ];
  return wrap()(steps[kind]!);
}

interface Outcome {
  readonly value: number;
  readonly grads: (number[] | null)[];
}

const rounded = (t: Tensor | null): number[] | null =>
  t && [...t.dataSync()].map((v) => Number(Number(v).toPrecision(9)));

/** The value of a calculation, its gradients, and those of a product of its gradients. */
function differentiate(device: Device, step: Step, wrap: () => Wrap): Outcome {
  const x = leaf(device, [0.3, -0.2, 0.8, 0.5]), y = leaf(device, [0.1, 0.7, -0.4, 0.2]);
  const loss = wrap()((x, y) => step(x!, y!).square().sum());
  const first = loss(x, y), value = rounded(first)![0]!;
  first.backward();
  const grads = [rounded(x.grad), rounded(y.grad)];
  const slope = SCOPES[SCOPES.length - 1]!((x, y) => {
    const [g, h] = grad(loss(x!, y!), [x!, y!], { createGraph: true, allowUnused: true });
    return (g ?? x!.mul(0)).mul(x!).sum().add((h ?? y!.mul(0)).square().sum());
  });
  x.grad?.dispose();
  y.grad?.dispose();
  x.grad = y.grad = null;
  slope(x, y).backward();
  grads.push(rounded(x.grad), rounded(y.grad));
  for (const t of [x, y]) {
    t.grad?.dispose();
    t.dispose();
  }
  return { value, grads };
}

for (
  const [name, wraps, kinds] of [["scopes", SCOPES, 9], ["checkpoints", CHECKPOINTS, PLAIN_STEPS]] as const
) {
  Deno.test(`gradients of any order are the same within ${name} of every kind, which leave nothing behind`, () => {
    for (let seed = 1; seed <= 40; seed++) {
      const run = (wrap: () => Wrap): Outcome & { buffers: number } => {
        const device = makeDevice(), random = randomOf(seed);
        const outcome = tidySync(() =>
          differentiate(device, calculation(random, 1 + seed % 3, wrap, kinds), wrap)
        );
        return { ...outcome, buffers: device.memory.buffers };
      };
      const choose = randomOf(seed + 1000);
      const plain = run(() => SCOPES[0]!), wrapped = run(() => wraps[choose(wraps.length)]!);
      assertEquals(wrapped, plain, `calculation ${seed}`);
      assert(plain.grads.flat().every((g) => g === null || Number.isFinite(g)));
      assertEquals(wrapped.buffers, 0, `calculation ${seed} left something`);
      assertEquals(flow.currentFlow().scope, null);
    }
  });
}
