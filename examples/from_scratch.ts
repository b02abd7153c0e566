/**
 * A network without `nn` and without autograd: forward pass, backward pass and update
 * written by hand on tensors of `@troodon/core`. Two hidden layers learn two spirals,
 * which no straight line parts; a slope by hand is compared with one by differences.
 *
 *     deno run -A examples/from_scratch.ts [--epochs 600]
 */
import { parseArgs } from "@std/cli";
import { CpuBackend } from "@troodon/cpu";
import {
  cat,
  Device,
  linspace,
  manualSeed,
  ones,
  randn,
  Scope,
  setDefaultDevice,
  type Tensor,
  zeros,
} from "@troodon/core";

const { epochs } = parseArgs(Deno.args, { string: ["epochs"], default: { epochs: "600" } });
// A device without a tape: nothing is recorded, nothing can be differentiated.
setDefaultDevice(new Device(new CpuBackend()));
manualSeed(0);

const perClass = 200, hidden = 32;
const turn = linspace(0.5, 3, perClass).mul(Math.PI).unsqueeze(1);
const arm = (start: number): Tensor =>
  cat([turn.add(start).cos(), turn.add(start).sin()], 1).mul(turn.div(3 * Math.PI));
const x = cat([arm(0), arm(Math.PI)]).add(randn([2 * perClass, 2]).mul(0.02));
const y = cat([zeros([perClass, 1]), ones([perClass, 1])]);

/** Weights [inputs, outputs] of He's initialisation, and a bias. */
const layer = (inputs: number, outputs: number): [Tensor, Tensor] => [
  randn([inputs, outputs]).mul(Math.sqrt(2 / inputs)),
  zeros([outputs]),
];
const [[w1, b1], [w2, b2], [w3, b3]] = [layer(2, hidden), layer(hidden, hidden), layer(hidden, 1)];
const parameters = [w1, b1, w2, b2, w3, b3];
const velocities = parameters.map((p) => zeros(p.shape));

function forward(): { h1: Tensor; h2: Tensor; p: Tensor; loss: Tensor } {
  const h1 = x.matmul(w1).add(b1).tanh();
  const h2 = h1.matmul(w2).add(b2).tanh();
  const z = h2.matmul(w3).add(b3);
  // Cross-entropy of a logit: log(1 + e^z) - y z.
  return { h1, h2, p: z.sigmoid(), loss: z.softplus().sub(y.mul(z)).mean() };
}

function backward({ h1, h2, p }: ReturnType<typeof forward>): Tensor[] {
  // d loss / d z = (p - y) / n, and from there the chain rule, layer by layer.
  const dz = p.sub(y).div(x.shape[0]!);
  // tanh' = 1 - tanh^2.
  const d2 = dz.matmul(w3.t()).mul(h2.square().neg().add(1));
  const d1 = d2.matmul(w2.t()).mul(h1.square().neg().add(1));
  return [
    x.t().matmul(d1),
    d1.sum(0),
    h1.t().matmul(d2),
    d2.sum(0),
    h2.t().matmul(dz),
    dz.sum(0),
  ];
}

{
  using _ = new Scope();
  const byHand = backward(forward())[0]!.at(0, 0).item();
  const weight = w1.at(0, 0), step = 1e-2;
  weight.add_(step);
  const above = forward().loss.item();
  weight.sub_(2 * step);
  const below = forward().loss.item();
  weight.add_(step);
  const slope = (above - below) / (2 * step);
  console.log(`slope of the first weight: by hand ${byHand.toFixed(5)}, by differences ${slope.toFixed(5)}`);
}

const last = Number(epochs);
for (let epoch = 1; epoch <= last; epoch++) {
  using _ = new Scope();
  const state = forward();
  const gradients = backward(state);
  for (const [i, p] of parameters.entries()) p.sub_(velocities[i]!.mul_(0.9).add_(gradients[i]!).mul(0.2));
  if (epoch % 100 === 0 || epoch === 1 || epoch === last) {
    const right = state.p.gt(0.5).eq(y.gt(0.5)).float().mean().item();
    console.log(
      `epoch ${epoch}: loss ${state.loss.item().toFixed(4)}, accuracy ${(100 * right).toFixed(1)} %`,
    );
  }
}
