// docs/tutorials/pytorch/1_lenet.py in the syntax of TypeScript, names in camel case, nothing else changed.
import * as torch from "@troodon/troodon";
import { F, nn, optim } from "@troodon/troodon";

torch.manualSeed(0); //> await torch.chooseDevice(); torch.manualSeed(0);

class Net extends nn.Module {
  // 1 input image channel, 6 output channels, 5x5 square convolution
  conv1 = nn.Conv2d(1, 6, 5); //> conv1 = new nn.Conv2d(1, 6, 5);
  conv2 = nn.Conv2d(6, 16, 5); //> conv2 = new nn.Conv2d(6, 16, 5);
  // an affine operation: y = Wx + b
  fc1 = nn.Linear(16 * 5 * 5, 120); //> fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = nn.Linear(120, 84); //> fc2 = new nn.Linear(120, 84);
  fc3 = nn.Linear(84, 10); //> fc3 = new nn.Linear(84, 10);

  forward(x) { //> forward(x: torch.Tensor) {
    // max pooling over a (2, 2) window
    x = F.maxPool2d(F.relu(this.conv1(x)), [2, 2]);
    // if the size is a square you can only specify a single number
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    // flatten all dimensions except the batch dimension
    x = x.view(-1, 16 * 5 * 5);
    x = F.relu(this.fc1(x));
    x = F.relu(this.fc2(x));
    x = this.fc3(x);
    return x;
  }
}

const net = Net(); //> const net = new Net();
console.log(net);

const params = list(net.parameters()); //> const params = [...net.parameters()];
console.log(len(params)); //> console.log(params.length);
console.log(params[0].size()); // conv1's weight

const input = torch.randn(1, 1, 32, 32);
let out = net(input);
console.log(out);

net.zeroGrad();
out.backward(torch.randn(1, 10));

let output = net(input);
let target = torch.randn(10); // a dummy target, for example
target = target.view(1, -1); // make it the same shape as output
const criterion = nn.MSELoss(); //> const criterion = new nn.MSELoss();

let loss = criterion(output, target);
console.log(loss);

console.log(loss.gradFn); // MSELoss
console.log(loss.gradFn.nextFunctions[0][0]); //> console.log(loss.gradFn!.nextFunctions[0][0]);
console.log(loss.gradFn!.nextFunctions[0][0].nextFunctions[0][0]); //> console.log(loss.gradFn!.nextFunctions[0][0]!.nextFunctions[0][0]);

net.zeroGrad(); // zeroes the gradient buffers of all parameters

console.log(net.conv1.bias.grad); //> console.log(net.conv1.bias!.grad);
loss.backward();

const learningRate = 0.01;
for (const f of net.parameters()) {
  f.data.sub_(f.grad.data * learningRate); //> f.data.sub_(f.grad!.data.mul(learningRate));
}

let optimizer = optim.SGD(net.parameters(), { lr: 0.01 }); //> let optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
optimizer = new optim.SGD(net.parameters(), { lr: 0.01, momentum: 0.9, nesterov: true });

// in your training loop:
optimizer.zeroGrad(); // zero the gradient buffers
output = net(input);
loss = criterion(output, target);
loss.backward();
optimizer.step(); // does the update
console.log(type(optimizer).name, loss.item()); //> console.log(optimizer.constructor.name, loss.item());
