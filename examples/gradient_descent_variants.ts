/**
 * All optimizers on one valley, f(x, y) = x^2 / 20 + y^2 from (-7, 2): steep across,
 * nearly flat along. Prints how far each came, and draws its path.
 *
 * Learning rates are ones that suit each method here; none was searched for long.
 *
 *     deno run -A examples/gradient_descent_variants.ts [--steps 40] [--out variants.svg]
 */
import { parseArgs } from "@std/cli";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  chooseDevice,
  type GroupOptions,
  LBFGS,
  Muon,
  NAdam,
  type Optimizer,
  Plot,
  plotGrid,
  type PlotPoint,
  RAdam,
  RMSprop,
  Rprop,
  Scope,
  SGD,
  type Tensor,
  tensor,
} from "@troodon/troodon";

const { steps, out } = parseArgs(Deno.args, {
  string: ["steps", "out"],
  default: { steps: "40", out: "variants.svg" },
});
await chooseDevice();

type Make = (params: Tensor[]) => Optimizer<GroupOptions>;
const variants: readonly (readonly [name: string, make: Make])[] = [
  ["SGD", (p) => new SGD(p, { lr: 0.9 })],
  ["Momentum", (p) => new SGD(p, { lr: 0.1, momentum: 0.9 })],
  ["Nesterov", (p) => new SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true })],
  ["ASGD", (p) => new ASGD(p, { lr: 0.9 })],
  ["Adagrad", (p) => new Adagrad(p, { lr: 1.5 })],
  ["Adadelta", (p) => new Adadelta(p, { lr: 1, rho: 0.9, eps: 0.01 })],
  ["RMSprop", (p) => new RMSprop(p, { lr: 0.2, alpha: 0.9 })],
  ["Rprop", (p) => new Rprop(p, { lr: 0.1, stepSizes: [1e-6, 1] })],
  ["Adam", (p) => new Adam(p, { lr: 0.4 })],
  ["AdamW", (p) => new AdamW(p, { lr: 0.4, weightDecay: 0.05 })],
  ["Adamax", (p) => new Adamax(p, { lr: 0.6 })],
  ["NAdam", (p) => new NAdam(p, { lr: 0.4 })],
  ["RAdam", (p) => new RAdam(p, { lr: 0.9, betas: [0.9, 0.99] })],
  ["Muon", (p) => new Muon(p, { lr: 0.3, weightDecay: 0, momentum: 0.8 })],
  ["LBFGS", (p) => new LBFGS(p, { lr: 1, maxIter: 1, lineSearchFn: "strongWolfe" })],
];

// The two coordinates are a matrix [1, 2], as Muon changes matrices only.
const scales = tensor([[1 / 20, 1]]);
const valley = (p: Tensor): Tensor => p.square().mul(scales).sum();

const plots: Plot[] = [];
for (const [name, make] of variants) {
  const p = tensor([[-7, 2]], { requiresGrad: true });
  const optimizer = make([p]);
  const path: PlotPoint[] = [];
  const look = (): void => {
    const [x, y] = p.detach().dataSync();
    path.push([Number(x), Number(y)]);
  };
  look();
  for (let step = 0; step < Number(steps); step++) {
    using _ = new Scope();
    optimizer.step(() => {
      optimizer.zeroGrad();
      const height = valley(p);
      height.backward();
      return height;
    });
    look();
  }
  const height = valley(p.detach()).item();
  console.log(
    `${name.padEnd(9)} ${height.toExponential(2)} at (${path.at(-1)!.map((c) => c.toFixed(3)).join(", ")})`,
  );
  const plot = new Plot({
    title: `${name}: ${height.toExponential(1)}`,
    x: [-8, 8],
    y: [-4, 4],
    width: 300,
    height: 210,
  });
  plot.addContours((x, y) => x * x / 20 + y * y, [0.05, 0.25, 0.75, 1.5, 3, 5, 8, 12]);
  plots.push(plot.add(path, { style: "both" }));
}
await Deno.writeTextFile(out, plotGrid(plots, 4));
console.log(`The picture is ${out}`);
