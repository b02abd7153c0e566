/**
 * Initializations; vanishing and exploding signals and gradients.
 *
 *     deno run -A examples/tutorials/2_basics/initialization.ts
 */
import { chooseDevice, empty, manualSeed, nn, randn, type Tensor } from "@troodon/troodon";
const { init } = nn;

await chooseDevice();
manualSeed(0);

// Weights are set layer by layer ...
const net = new nn.Sequential(
  new nn.Linear(30, 40),
  new nn.ReLU(),
  new nn.Linear(40, 50),
  new nn.ReLU(),
  new nn.Linear(50, 10),
);
for (const layer of net) {
  if (layer instanceof nn.Linear) {
    layer.weight.data = empty(layer.weight.shape).normal_(0, 0.5);
  }
}
console.log(`std of the first weight: ${(net.at(0) as nn.Linear).weight.std().item().toFixed(2)}`);

// ... or by the functions of nn.init.
const w = empty(300, 200);
for (
  const [name, fill] of Object.entries({
    constant_: () => init.constant_(w, 0.3),
    uniform_: () => init.uniform_(w, -1, 1),
    normal_: () => init.normal_(w, 0, 0.1),
    xavierUniform_: () => init.xavierUniform_(w),
    xavierNormal_: () => init.xavierNormal_(w),
    kaimingUniform_: () => init.kaimingUniform_(w),
    kaimingNormal_: () => init.kaimingNormal_(w),
    orthogonal_: () => init.orthogonal_(w),
  })
) {
  fill();
  console.log(
    `${name.padEnd(17)} mean ${w.mean().item().toFixed(2)} std ${w.std().item().toFixed(3)}`,
  );
}

// Ten layers of 256 units: how large are the outputs of the first and last layer, and the weights' gradients?
function deep(activation: () => nn.Module, fill: (w: Tensor) => void) {
  const net = new nn.Sequential();
  for (let i = 0; i < 10; i++) {
    const linear = new nn.Linear(256, 256, { bias: false });
    net.append(linear, activation());
    fill(linear.weight);
  }
  let x = randn(500, 256);
  const outputs: number[] = [];
  for (const layer of net) {
    x = layer(x);
    if (!(layer instanceof nn.Linear)) {
      outputs.push(x.std().item());
    }
  }
  x.mul(randn(500, 256)).sum().backward();
  const [first, last] = [0, 18].map((i) => (net.at(i) as nn.Linear).weight.grad!.norm().item());
  return [outputs[0], outputs[9], first / last];
}

for (
  const [name, activation, fill] of [
    ["tanh, normal 0.01", () => new nn.Tanh(), (w: Tensor) => init.normal_(w, 0, 0.01)],
    ["tanh, normal 1", () => new nn.Tanh(), (w: Tensor) => init.normal_(w, 0, 1)],
    ["tanh, Xavier", () => new nn.Tanh(), (w: Tensor) => init.xavierNormal_(w)],
    ["sigmoid, Xavier", () => new nn.Sigmoid(), (w: Tensor) => init.xavierNormal_(w)],
    ["ReLU, normal 0.01", () => new nn.ReLU(), (w: Tensor) => init.normal_(w, 0, 0.01)],
    ["ReLU, normal 1", () => new nn.ReLU(), (w: Tensor) => init.normal_(w, 0, 1)],
    ["ReLU, Xavier", () => new nn.ReLU(), (w: Tensor) => init.xavierNormal_(w)],
    ["ReLU, Kaiming", () => new nn.ReLU(), (w: Tensor) => init.kaimingNormal_(w)],
  ] as const
) {
  const [first, last, ratio] = deep(activation, fill).map((value) => value.toExponential(1));
  console.log(
    `${name.padEnd(18)} output 1: ${first}  output 10: ${last}  gradient 1 / gradient 10: ${ratio}`,
  );
}
