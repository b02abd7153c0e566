/**
 * The walk through LeNet of PyTorch's beginner tutorial: a network's parameters,
 * the chain of `gradFn`, a bias's gradient before and after `backward()`, an
 * update by hand, and the same by an optimizer.
 *
 *     deno run -A examples/lenet_walk.ts
 */
import {
  chooseDevice,
  Conv2d,
  Linear,
  manualSeed,
  Module,
  MSELoss,
  noGrad,
  randn,
  SGD,
  type Tensor,
} from "@troodon/troodon";

await chooseDevice();
manualSeed(0);

class Net extends Module {
  conv1 = new Conv2d(1, 6, 5);
  conv2 = new Conv2d(6, 16, 5);
  fc1 = new Linear(16 * 5 * 5, 120);
  fc2 = new Linear(120, 84);
  fc3 = new Linear(84, 10);

  override forward(input: Tensor): Tensor {
    const c1 = this.conv1.forward(input).relu();
    const s2 = c1.maxPool2d(2);
    const c3 = this.conv2.forward(s2).relu();
    const s4 = c3.maxPool2d(2).flatten(1);
    const f5 = this.fc1.forward(s4).relu();
    const f6 = this.fc2.forward(f5).relu();
    return this.fc3.forward(f6);
  }
}

const net = new Net();
console.log(net);
const parameters = [...net.parameters()];
console.log(parameters.length, "parameters; conv1's weight has the shape", parameters[0]!.shape);

const input = randn([1, 1, 32, 32]);
const output = net.forward(input);
console.log(output);

const target = randn([1, 10]);
const criterion = new MSELoss();
const loss = criterion.forward(output, target);
console.log("loss", loss);

// From the loss back to the first convolution.
for (let node = loss.gradFn; node; node = node.nextFunctions[0]?.[0] ?? null) console.log("  ", node.name);

net.zeroGrad();
console.log("conv1.bias.grad before", net.conv1.bias!.grad);
loss.backward();
console.log("conv1.bias.grad after", net.conv1.bias!.grad);

// weight = weight - rate * gradient, by hand ...
{
  using _ = noGrad();
  for (const p of net.parameters()) p.sub_(p.grad!.mul(0.01));
}
console.log("loss after an update by hand", criterion.forward(net.forward(input), target).item());

// ... and by an optimizer.
const optimizer = new SGD(net.parameters(), { lr: 0.01 });
optimizer.zeroGrad();
criterion.forward(net.forward(input), target).backward();
optimizer.step();
console.log("loss after a step of SGD", criterion.forward(net.forward(input), target).item());
