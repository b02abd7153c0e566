/**
 * Batch normalization, by hand and as a layer.
 *
 *     deno run -A examples/tutorials/2_basics/batch_norm.ts
 */
import { arange, chooseDevice, nn, ones, type Tensor, tensor, zeros } from "@troodon/troodon";

await chooseDevice();

function simpleBatchNorm1d(x: Tensor, gamma: Tensor, beta: Tensor) {
  const eps = 1e-5;
  const xMean = x.mean({ dim: 0, keepdim: true });
  const xVar = x.sub(xMean).pow(2).mean({ dim: 0, keepdim: true });
  const xHat = x.sub(xMean).div(xVar.add(eps).sqrt());
  return gamma.mul(xHat).add(beta);
}

const x = tensor([[1.0, 20.0, -3.0], [2.0, 22.0, 0.0], [4.0, 30.0, 1.0], [7.0, 27.0, 5.0]]);
const gamma = ones(x.shape[1]);
const beta = zeros(x.shape[1]);
console.log("before bn:");
console.log(x);
console.log("after bn:");
console.log(simpleBatchNorm1d(x, gamma, beta));

// The layer does the same while it is trained ...
const bn = new nn.BatchNorm1d(3);
console.log(bn);
console.log("layer:");
console.log(bn(x));
console.log("running mean", bn.runningMean, "running var", bn.runningVar);

// ... and uses its running statistics afterwards.
for (let i = 0; i < 100; i++) {
  bn(x);
}
console.log("running mean", bn.runningMean, "running var", bn.runningVar);
bn.eval();
console.log("eval:");
console.log(bn(x));
console.log("one sample", bn(x.at(":1")));

// Scale and shift are learned.
bn.train();
bn(x).pow(3).sum().backward();
console.log("gradients", bn.weight!.grad, bn.bias!.grad);

// Images are normalized by channel.
const bn2 = new nn.BatchNorm2d(2);
const images = arange(16, { dtype: "float32" }).view(2, 2, 2, 2);
console.log(bn2(images));
