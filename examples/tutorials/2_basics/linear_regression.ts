/**
 * Linear regression on fifteen points, with a picture of the line.
 *
 *     deno run -A examples/tutorials/2_basics/linear_regression.ts [--out DIR]
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, nn, optim, Plot, Scope, type Tensor, tensor } from "@troodon/troodon";

const args = parseArgs(Deno.args, { string: ["out"], default: { out: "." } });
// A GPU is slower here: each of its steps is far too small for it.
await chooseDevice("cpu");

const xTrain = tensor([0.5, 1.1, 1.8, 2.4, 3.1, 3.7, 4.2, 4.9, 5.6, 6.1, 6.8, 7.5, 8.0, 8.9, 9.4])
  .unsqueeze(1);
const yTrain = tensor([1.3, 1.2, 2.2, 1.9, 2.5, 3.1, 2.8, 3.6, 3.3, 4.4, 4.1, 4.6, 5.4, 5.2, 6.1])
  .unsqueeze(1);

class LinearRegression extends nn.Module {
  linear: nn.Linear;

  constructor() {
    super();
    this.linear = new nn.Linear(1, 1);
    // Starts at zero, so that every run is the same.
    nn.init.zeros_(this.linear.weight);
    nn.init.zeros_(this.linear.bias!);
  }

  override forward(x: Tensor): Tensor {
    const out = this.linear(x);
    return out;
  }
}

const model = new LinearRegression();
const criterion = new nn.MSELoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 1e-2 });

const numEpochs = 1000;
for (let epoch = 0; epoch < numEpochs; epoch++) {
  // Frees the tensors of each step: JavaScript does not while a loop runs without await.
  using _ = new Scope();
  // forward
  const out = model(xTrain);
  const loss = criterion(out, yTrain);
  // backward
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();

  if ((epoch + 1) % 100 === 0) {
    console.log(`Epoch[${epoch + 1}/${numEpochs}], loss: ${loss.item().toFixed(6)}`);
  }
}

model.eval();
const predict = model(xTrain).detach();
const [weight, bias] = [model.linear.weight.item(), model.linear.bias!.item()];
console.log(`y = ${weight.toFixed(4)} x + ${bias.toFixed(4)}`);
console.log("predicted for 0.5 and 9.4:", predict.at(0), predict.at(14));

const plot = new Plot({ title: "Linear regression", xLabel: "x", yLabel: "y" });
plot.add(xTrain, yTrain, { name: "points", style: "dots" }).add(xTrain, predict, { name: "line" });
await Deno.writeTextFile(`${args.out}/linear_regression.svg`, plot.toString());
