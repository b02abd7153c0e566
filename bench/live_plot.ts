/**
 * Measures the share of a training's CPU time that drawing its fit takes: the two networks of
 * `examples/tutorials/5_sine.ts`, drawn every five iterations in the terminal and on a page, at their pace and
 * without one. The deep network takes 25 times as long as the shallow one, and has a tenth of its iterations.
 *
 *     deno run -A bench/live_plot.ts [--iterations 5000]
 *
 * @module
 */

import { cpuUsage } from "node:process";
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
  TerminalPlot,
} from "@troodon/troodon";

const args = parseArgs(Deno.args, { string: ["iterations"], default: { iterations: "5000" } });
await chooseDevice();
const x = linspace(-10, 10, 1000).reshape([-1, 1]), y = x.sin();

function makeLayers(widths: readonly number[]): nn.Sequential {
  const layers = widths.slice(1).flatMap((width, i) => [new nn.Linear(widths[i]!, width), new nn.ReLU()]);
  return new nn.Sequential(...layers.slice(0, -1));
}

/** Milliseconds of the CPU so far. */
function cpuTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

interface Live {
  update(make: () => Plot): void;
}

function share(
  widths: readonly number[],
  iterations: number,
  live: Live,
): { share: number; pictures: number } {
  manualSeed(0);
  const net = makeLayers(widths), criterion = new nn.MSELoss();
  const optimizer = new optim.SGD(net.parameters(), { lr: 5e-2 });
  let drawing = 0, pictures = 0;
  const start = cpuTime();
  for (let i = 0; i < iterations; i++) {
    using _ = new Scope();
    const prediction = net(x), loss = criterion(prediction, y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    if (i % 5 !== 0) continue;
    const before = cpuTime();
    live.update(() => {
      pictures++;
      const title = `iteration ${i}: loss ${loss.item().toFixed(4)}`;
      return new Plot({ title }).add(x, y, { name: "sin x" }).add(x, prediction, { name: "network" });
    });
    drawing += cpuTime() - before;
  }
  return { share: drawing / (cpuTime() - start), pictures };
}

for (const widths of [[1, 20, 50, 20, 1], [1, 20, 50, 100, 500, 100, 50, 20, 1]]) {
  const iterations = Math.ceil(Number(args.iterations) / (widths.length > 5 ? 10 : 1));
  for (const [pace, options] of [["at its pace", {}], ["each time", { share: 1 }]] as const) {
    const terminal = new TerminalPlot({ ...options, shown: true, columns: 99, rows: 20, write: () => {} });
    await using page = await LivePage.open(options);
    for (const [where, live] of [["terminal", terminal], ["page", page]] as const) {
      const { share: part, pictures } = share(widths, iterations, live);
      console.log(
        `${widths.join("-")}, ${where}, ${pace}: ${
          (100 * part).toFixed(1)
        } %, ${pictures} pictures in ${iterations} iterations`,
      );
    }
  }
}
