/**
 * Logistic regression on two exam scores, with a picture of the line that it draws between them.
 *
 *     deno run -A examples/tutorials/2_basics/logistic_regression.ts [--quick] [--out DIR]
 */
import { parseArgs } from "@std/cli";
import { chooseDevice, nn, optim, Plot, Scope, type Tensor, tensor } from "@troodon/troodon";

const args = parseArgs(Deno.args, {
  boolean: ["quick"],
  string: ["out"],
  default: { out: "." },
});
// A GPU is slower here: each of its steps is far too small for it.
await chooseDevice("cpu");

// 100 people: two exam scores, and whether they were admitted
const text = Deno.readTextFileSync(new URL("./exam_scores.txt", import.meta.url));
const data = text.trim().split("\n").map((line) => line.split(",").map(Number));

// Scores as a share of the largest
const x1Max = Math.max(...data.map(([x1]) => x1));
const x2Max = Math.max(...data.map(([, x2]) => x2));
const xData = tensor(data.map(([x1, x2]) => [x1 / x1Max, x2 / x2Max]));
const yData = tensor(data.map(([, , label]) => [label]));

class LogisticRegression extends nn.Module {
  lr: nn.Linear;
  sm: nn.Sigmoid;

  constructor() {
    super();
    this.lr = new nn.Linear(2, 1);
    this.sm = new nn.Sigmoid();
    // Starts at zero, so that every run is the same.
    nn.init.zeros_(this.lr.weight);
    nn.init.zeros_(this.lr.bias!);
  }

  override forward(x: Tensor): Tensor {
    x = this.lr(x);
    x = this.sm(x);
    return x;
  }
}

const logisticModel = new LogisticRegression();
const criterion = new nn.BCELoss();
const optimizer = new optim.SGD(logisticModel.parameters(), { lr: 1e-3, momentum: 0.9 });

const epochs = args.quick ? 2000 : 50000;
for (let epoch = 0; epoch < epochs; epoch++) {
  // Frees the tensors of each step: JavaScript does not while a loop runs without await.
  using _ = new Scope();
  const out = logisticModel(xData);
  const loss = criterion(out, yData);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if ((epoch + 1) % 1000 === 0) {
    const mask = out.ge(0.5).float();
    const correct = mask.eq(yData).sum();
    const acc = correct.item() / xData.size(0);
    console.log("*".repeat(10));
    console.log(`epoch ${epoch + 1}`);
    console.log(`loss is ${loss.item().toFixed(4)}`);
    console.log(`acc is ${acc.toFixed(4)}`);
  }
}

// The line where the model says one half: w0 x1 + w1 x2 + b = 0
const [w0, w1] = logisticModel.lr.weight.at(0).tolist() as number[];
const b = logisticModel.lr.bias!.item();
console.log(`${w0.toFixed(4)} x1 + ${w1.toFixed(4)} x2 + ${b.toFixed(4)} = 0`);

const plot = new Plot({ title: "Admitted or not", xLabel: "first exam", yLabel: "second exam" });
for (const [value, name] of [[0, "not admitted"], [1, "admitted"]] as const) {
  const points = data.filter(([, , label]) => label === value);
  plot.add(points.map(([x1]) => x1), points.map(([, x2]) => x2), { name, style: "dots" });
}
const plotX = [30, 100];
const plotY = plotX.map((x) => (-w0 * x / x1Max - b) / w1 * x2Max);
plot.add(plotX, plotY, { name: "one half" });
await Deno.writeTextFile(`${args.out}/logistic_regression.svg`, plot.toString());
