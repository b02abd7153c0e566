/**
 * Every optimizer on one valley, with a picture of its path.
 *
 *     deno run -A examples/tutorials/2_basics/optimizers.ts [--out DIR]
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, optim, Plot, plotGrid, type PlotPoint, type Tensor, tensor } from "@troodon/troodon";

const args = parseArgs(Deno.args, { string: ["out"], default: { out: "." } });
await chooseDevice("cpu");

const scales = tensor([[1 / 20, 1]]);

// f(x, y) = x^2 / 20 + y^2: steep across, nearly flat along
function valley(p: Tensor) {
  return p.square().mul(scales).sum();
}

const variants: Record<string, (p: Tensor[]) => optim.Optimizer<optim.GroupOptions>> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.9 }),
  Momentum: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }),
  Nesterov: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true }),
  ASGD: (p) => new optim.ASGD(p, { lr: 0.9 }),
  Adagrad: (p) => new optim.Adagrad(p, { lr: 1.5 }),
  Adadelta: (p) => new optim.Adadelta(p, { lr: 1, rho: 0.9, eps: 0.01 }),
  RMSprop: (p) => new optim.RMSprop(p, { lr: 0.2, alpha: 0.9 }),
  Rprop: (p) => new optim.Rprop(p, { lr: 0.1, stepSizes: [1e-6, 1] }),
  Adam: (p) => new optim.Adam(p, { lr: 0.4 }),
  AdamW: (p) => new optim.AdamW(p, { lr: 0.4, weightDecay: 0.05 }),
  Adamax: (p) => new optim.Adamax(p, { lr: 0.6 }),
  NAdam: (p) => new optim.NAdam(p, { lr: 0.4 }),
  RAdam: (p) => new optim.RAdam(p, { lr: 0.9, betas: [0.9, 0.99] }),
  Muon: (p) => new optim.Muon(p, { lr: 0.3, weightDecay: 0, momentum: 0.8 }),
  LBFGS: (p) => new optim.LBFGS(p, { lr: 1, maxIter: 1, lineSearchFn: "strongWolfe" }),
};

const plots: Plot[] = [];
for (const [name, make] of Object.entries(variants)) {
  const p = tensor([[-7.0, 2.0]], { requiresGrad: true });
  const optimizer = make([p]);

  const closure = () => {
    optimizer.zeroGrad();
    const height = valley(p);
    height.backward();
    return height;
  };

  const path: PlotPoint[] = [[-7, 2]];
  for (let step = 0; step < 40; step++) {
    optimizer.step(closure);
    path.push([p.at(0, 0).item(), p.at(0, 1).item()]);
  }
  const [x, y] = path[40];
  console.log(
    `${name.padEnd(9)} ${valley(p).item().toFixed(4)} at (${x.toFixed(3)}, ${y.toFixed(3)})`,
  );

  const plot = new Plot({ title: name, x: [-8, 8], y: [-4, 4], width: 300, height: 210 });
  plot.addContours((x, y) => x * x / 20 + y * y, [0.05, 0.25, 0.75, 1.5, 3, 5, 8, 12]);
  plots.push(plot.add(path, { style: "both" }));
}
await Deno.writeTextFile(`${args.out}/optimizers.svg`, plotGrid(plots, 4));
