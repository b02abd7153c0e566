/**
 * The first network: LeNet, its gradients, and its update, by hand and by optimizers.
 *
 *     deno run -A examples/tutorials/1_lenet.ts
 */
import { chooseDevice, F, manualSeed, nn, optim, randn, type Tensor } from "@troodon/troodon";

await chooseDevice();
manualSeed(0);

class Net extends nn.Module {
  // 1 input image channel, 6 output channels, 5x5 square convolution
  conv1 = new nn.Conv2d(1, 6, 5);
  conv2 = new nn.Conv2d(6, 16, 5);
  // an affine operation: y = Wx + b
  fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = new nn.Linear(120, 84);
  fc3 = new nn.Linear(84, 10);

  forward(x: Tensor) {
    // max pooling over a (2, 2) window
    x = F.maxPool2d(F.relu(this.conv1(x)), [2, 2]);
    // if the size is a square you can only specify a single number
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    // flatten all dimensions except the batch dimension
    x = x.view(-1, this.numFlatFeatures(x));
    x = F.relu(this.fc1(x));
    x = F.relu(this.fc2(x));
    x = this.fc3(x);
    return x;
  }

  numFlatFeatures(x: Tensor) {
    const size = x.size().slice(1);
    let numFeatures = 1;
    for (const s of size) {
      numFeatures *= s;
    }
    return numFeatures;
  }
}

const net = new Net();
console.log(net);

const params = [...net.parameters()];
console.log(params.length);
console.log(params[0].size()); // conv1's weight

const input = randn(1, 1, 32, 32);
const out = net(input);
console.log(out);

net.zeroGrad();
out.backward(randn(1, 10));

let output = net(input);
let target = randn(10); // a dummy target, for example
target = target.view(1, -1); // make it the same shape as output
const criterion = new nn.MSELoss();

let loss = criterion(output, target);
console.log(loss);

console.log(loss.gradFn); // MSELoss
console.log(loss.gradFn!.nextFunctions[0][0]); // Linear
console.log(loss.gradFn!.nextFunctions[0][0]!.nextFunctions[0][0]); // ReLU

net.zeroGrad(); // zeroes the gradient buffers of all parameters

console.log("conv1.bias.grad before backward");
console.log(net.conv1.bias!.grad);

loss.backward();

console.log("conv1.bias.grad after backward");
console.log(net.conv1.bias!.grad);

const learningRate = 0.01;
for (const f of net.parameters()) {
  f.data.sub_(f.grad!.data.mul(learningRate));
}
console.log("update by hand", criterion(net(input), target).item());

const optimizers = [
  new optim.SGD(net.parameters(), { lr: 0.01 }),
  new optim.SGD(net.parameters(), { lr: 0.01, momentum: 0.9, nesterov: true }),
  new optim.Adam(net.parameters(), { lr: 0.001 }),
  new optim.RMSprop(net.parameters(), { lr: 0.001 }),
];
for (const optimizer of optimizers) {
  // in your training loop:
  optimizer.zeroGrad(); // zero the gradient buffers
  output = net(input);
  loss = criterion(output, target);
  loss.backward();
  optimizer.step(); // does the update
  console.log(optimizer.constructor.name, loss.item());
}
