/**
 * L1, L2, max-norm and dropout.
 *
 *     deno run -A examples/tutorials/2_basics/regularization.ts
 */
import { chooseDevice, manualSeed, nn, ones, optim, type Tensor, tensor } from "@troodon/troodon";

await chooseDevice();

const w = tensor([[3.0, -4.0], [0.3, 0.4]], { requiresGrad: true });

// One step of SGD from w, with the gradient of a loss and of a penalty
function step(penalty: (p: Tensor) => Tensor | number, weightDecay = 0.0) {
  const p = w.detach().clone().requiresGrad_();
  const optimizer = new optim.SGD([p], { lr: 0.1, weightDecay });
  const loss = p.sum().add(penalty(p));
  loss.backward();
  optimizer.step();
  return p.detach();
}

console.log("no penalty", step(() => 0));
console.log("L1", step((p) => p.abs().sum().mul(0.5)));
console.log("L2", step((p) => p.square().sum().mul(0.5)));
console.log("L2 by weightDecay", step(() => 0, 1.0));

// Max-norm: rows that are longer than 1 are made as long as 1.
console.log("max-norm", w.detach().renorm(2, 0, 1.0));

// Dropout: half of the values are 0 while training, the others double; nothing happens afterwards.
manualSeed(0);
const dropout = new nn.Dropout(0.5);
const x = ones(10000);
const y = dropout(x);
console.log("dropout: values", y.unique().tolist(), "mean", y.mean().item().toFixed(1));
dropout.eval();
console.log("eval:", dropout(x).unique().tolist());
