/**
 * A shallow and a deep network fitted to a sine, with the fit drawn as they train.
 *
 *     deno run -A examples/tutorials/5_sine.ts [--iterations 5000] [--activation ReLU|Tanh|Sigmoid]
 *         [--seeds 10] [--page] [--quick]
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  linspace,
  LivePage,
  manualSeed,
  nn,
  optim,
  Plot,
  Scope,
  type Tensor,
  tensor,
  TerminalPlot,
} from "@troodon/troodon";

const args = parseArgs(Deno.args, {
  string: ["iterations", "activation", "seeds"],
  boolean: ["page", "quick"],
  default: { iterations: "5000", activation: "ReLU", seeds: "0" },
});
const iterations = args.quick ? 20 : Number(args.iterations);
const seeds = Number(args.seeds);
const Activation = nn[args.activation as "ReLU" | "Tanh" | "Sigmoid"];

await chooseDevice();
const x = linspace(-10, 10, 1000).reshape(-1, 1);
const y = x.sin();

function makeLayers(cfg: number[]) {
  const layers: nn.Module[] = [];
  for (let i = 0; i < cfg.length - 2; i++) {
    layers.push(new nn.Linear(cfg[i], cfg[i + 1]));
    layers.push(new Activation());
  }
  layers.push(new nn.Linear(cfg[cfg.length - 2], cfg[cfg.length - 1]));
  return new nn.Sequential(...layers);
}

function draw(i: number, loss: Tensor, yPred: Tensor) {
  const plot = new Plot({ title: `iteration ${i}: loss ${loss.item().toFixed(4)}` });
  plot.add(x, y, { name: "sin x" });
  plot.add(x, yPred, { name: "network" });
  return plot;
}

function train(net: nn.Sequential, live?: TerminalPlot | LivePage) {
  const criterion = new nn.MSELoss();
  const optimizer = new optim.SGD(net.parameters(), { lr: 5e-2 });
  for (let i = 0; i < iterations; i++) {
    using _ = new Scope(); // frees the tensors of an iteration at its end
    const yPred = net(x);
    const loss = criterion(yPred, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    if (live && i % 5 === 0) {
      live.update(() => draw(i, loss, yPred));
    }
  }
  const loss = criterion(net(x), y);
  live?.show(() => draw(iterations, loss, net(x)));
  return loss.item();
}

function trainSeeds(cfg: number[]) {
  const list = [];
  for (let seed = 0; seed < seeds; seed++) {
    manualSeed(seed);
    list.push(train(makeLayers(cfg)));
    console.log(`seed ${seed}: loss ${list[seed].toFixed(6)}`);
  }
  const losses = tensor(list);
  console.log(`mean ${losses.mean().item().toFixed(6)}, median ${losses.quantile(0.5).item().toFixed(6)}`);
  console.log(`min ${losses.min().item().toFixed(6)}, max ${losses.max().item().toFixed(6)}`);
}

const page = args.page ? await LivePage.open({ title: "Sine" }) : undefined;
if (page) console.log(`The fit is drawn on ${page.url}`);

for (const cfg of [[1, 20, 50, 20, 1], [1, 20, 50, 100, 500, 100, 50, 20, 1]]) {
  console.log(cfg);
  if (seeds > 0) {
    trainSeeds(cfg);
  } else {
    manualSeed(0);
    const net = makeLayers(cfg);
    console.log(net.length, "layers");
    for (const [name, p] of net.namedParameters()) {
      console.log(name, p.shape);
    }
    const loss = train(net, page ?? new TerminalPlot());
    console.log(`loss ${loss.toFixed(6)}`);
  }
}
await page?.close();
