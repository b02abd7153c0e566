/**
 * Activation functions and their slopes, with a picture.
 *
 *     deno run -A examples/tutorials/2_basics/activations.ts [--out DIR]
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, linspace, nn, noGrad, Plot, plotGrid, type Tensor, tensor } from "@troodon/troodon";

const args = parseArgs(Deno.args, { string: ["out"], default: { out: "." } });
await chooseDevice();

const x = linspace(-3, 3, 7);
console.log("x         ", x.tolist());

// Two lines with the slopes -1 and 2: maxout takes the larger value.
const maxout = new nn.Maxout(1, 1, 2);
{
  using _ = noGrad();
  maxout.linear.weight.copy_(tensor([[-1.0], [2.0]]));
  maxout.linear.bias!.copy_(tensor([0.0, -1.0]));
}

const functions: Record<string, (x: Tensor) => Tensor> = {
  Sigmoid: new nn.Sigmoid(),
  Tanh: new nn.Tanh(),
  ReLU: new nn.ReLU(),
  LeakyReLU: new nn.LeakyReLU(0.1),
  ELU: new nn.ELU(),
  Softplus: new nn.Softplus(),
  Maxout: (x) => maxout(x.unsqueeze(1)).squeeze(1),
};

for (const [name, f] of Object.entries(functions)) {
  const t = x.clone().requiresGrad_();
  const y = f(t);
  y.sum().backward();
  console.log(name.padEnd(10), y.detach());
  console.log("  slope   ", t.grad);
}

// Softmax makes probabilities of scores.
console.log("Softmax   ", new nn.Softmax(0)(tensor([1.0, 2.0, 3.0])));

// A picture of each, with its slope dashed
const plots = Object.entries(functions).map(([title, f]) => {
  const t = linspace(-3, 3, 121).requiresGrad_();
  const y = f(t);
  y.sum().backward();
  const plot = new Plot({ title, x: [-3, 3], y: [-1.5, 3], width: 300, height: 230 });
  return plot.add(t, y).add(t, t.grad!, { style: "dashed" });
});
await Deno.writeTextFile(`${args.out}/activations.svg`, plotGrid(plots, 4));
