/**
 * Logistic regression on two clouds of points: binary cross-entropy, SGD with
 * momentum.
 *
 *     deno run -A examples/logistic_regression.ts [--epochs 200]
 */
import { parseArgs } from "@std/cli";
import {
  BCELoss,
  cat,
  chooseDevice,
  Linear,
  manualSeed,
  noGrad,
  ones,
  randn,
  Scope,
  Sequential,
  SGD,
  Sigmoid,
  zeros,
} from "@troodon/troodon";

const { epochs } = parseArgs(Deno.args, { string: ["epochs"], default: { epochs: "200" } });
await chooseDevice();
manualSeed(1);

const perClass = 200;
const points = cat([randn([perClass, 2]).add(1.5), randn([perClass, 2]).sub(1.5)]);
const labels = cat([ones([perClass, 1]), zeros([perClass, 1])]);

const model = new Sequential(new Linear(2, 1), new Sigmoid());
const criterion = new BCELoss();
const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });

for (let epoch = 1; epoch <= Number(epochs); epoch++) {
  using _ = new Scope();
  const loss = criterion.forward(model.forward(points), labels);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (epoch % 50 === 0) {
    using _ = noGrad();
    const right = model.forward(points).gt(0.5).eq(labels.gt(0.5)).float().mean().item();
    console.log(`epoch ${epoch}: loss ${loss.item().toFixed(4)}, accuracy ${(100 * right).toFixed(1)} %`);
  }
}
