// The lines of docs/tutorials/pytorch/2_basics/*.py in the syntax of TypeScript, names in camel case.
import * as torch from "@troodon/troodon";
import { DataLoader, Dataset, nn, optim } from "@troodon/troodon";

// Tensors
const a = torch.tensor([[2.0, 3.0], [4.0, 8.0], [7.0, 9.0]]); //> await torch.chooseDevice("cpu"); const a = torch.tensor([[2.0, 3.0], [4.0, 8.0], [7.0, 9.0]]);
console.log(a.size());
const b = torch.tensor([[2, 3], [4, 8], [7, 9]], { dtype: torch.int64 });
const c = torch.zeros([3, 2]);
const d = torch.randn([3, 2]);
console.log(b, c, d);
console.log(a[0].sum()); //> console.log(a.at(0).sum());
console.log(b.numpy());
const e = new Float64Array([2.0, 3.0, 4.0, 5.0]);
const torchE = torch.fromNumpy(e); //> const torchE = torch.tensor(e);
console.log(torchE.float(), torchE.double());
const p = torch.tensor([1.0, 2.0, 3.0]);
const q = torch.tensor([10.0, 20.0, 30.0]);
console.log(p + q); //> console.log(p.add(q));
console.log(p * q); //> console.log(p.mul(q));
console.log(p.dot(q));
console.log(a.sum(), a.mean({ dim: 0 }), a.max({ dim: 1 }));
console.log(a.view(2, 3), a.t());

// Autograd
let x = torch.tensor([1.0], { requiresGrad: true });
const w = torch.tensor([2.0], { requiresGrad: true });
const bias = torch.tensor([3.0], { requiresGrad: true });
let y = w * x + bias; //> let y = w.mul(x).add(bias);
console.log(y.data, y.gradFn, x.gradFn, x.grad);
y.backward();
x = torch.tensor([1.0, 2.0, 3.0], { requiresGrad: true });
y = x.mul(2);
while (y.data.norm() < 1000) { //> while (y.data.norm().item() < 1000) {
  y = y.mul(2);
}
y.backward(torch.tensor([1.0, 0.1, 0.01]));
x.grad.zero_(); //> x.grad!.zero_();
{
  using _ = torch.noGrad();
  console.log(x.pow(2).requiresGrad);
}

// A dataset, and a loader
class Points extends Dataset {
  n: number;
  constructor(n: number) {
    super();
    this.n = n;
  }
  get length() {
    return this.n;
  }
  get(index: number): [torch.Tensor, number] {
    const x = torch.tensor([index, index * index], { dtype: torch.float32 });
    return [x, index];
  }
}
const points = new Points(10);
console.log(len(points), points.get(3)); //> console.log(points.length, points.get(3));
const loader = DataLoader(points, { batchSize: 4, shuffle: true, numWorkers: 0 }); //> const loader = new DataLoader(points, { batchSize: 4, shuffle: true, numWorkers: 0 });
for (const [x, label] of loader) { //> for await (const [x, label] of loader) {
  console.log(x.shape, label);
}

// Logistic regression
class LogisticRegression extends nn.Module {
  lr = new nn.Linear(2, 1);
  sm = new nn.Sigmoid();

  forward(x: torch.Tensor) {
    x = this.lr(x);
    x = this.sm(x);
    return x;
  }
}
const logisticModel = new LogisticRegression();
const criterion = new nn.BCELoss();
const optimizer = new optim.SGD(logisticModel.parameters(), { lr: 1e-3, momentum: 0.9 });
const xData = torch.rand(10, 2);
const yData = torch.ones(10, 1);
for (const epoch of range(5)) { //> for (let epoch = 0; epoch < 5; epoch++) {
  const out = logisticModel(xData);
  const loss = criterion(out, yData);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  const mask = out.ge(0.5).float();
  const correct = (mask == yData).sum(); //> const correct = mask.eq(yData).sum();
  console.log(epoch, loss.item(), correct.item() / xData.size(0));
}
const [w0, w1] = logisticModel.lr.weight[0].tolist(); //> const [w0, w1] = logisticModel.lr.weight.at(0).tolist() as number[];
console.log(w0, w1);

// Saving and loading
torch.save(logisticModel, "model.pth"); //> await torch.save(logisticModel, "model.pth");
await torch.save(logisticModel.stateDict(), "model_state.pth");
const state = torch.load("model_state.pth"); //> const state = await torch.load("model_state.pth");
logisticModel.loadStateDict(state);
