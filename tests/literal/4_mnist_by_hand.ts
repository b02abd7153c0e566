// docs/tutorials/pytorch/4_mnist_by_hand/*.py in the syntax of TypeScript, names in camel case.
import * as torch from "@troodon/troodon";
import { F } from "@troodon/troodon";

await torch.chooseDevice("cpu");

class Conv {
  weight: torch.Tensor;
  bias: torch.Tensor;
  columns = torch.zeros(0);
  imageSize: [number, number] = [0, 0];

  constructor(readonly inChannels: number, readonly outChannels: number, readonly kernelSize: number) {
    const fanIn = inChannels * kernelSize * kernelSize;
    this.weight = torch.randn(outChannels, fanIn) * (2 / fanIn) ** 0.5; //> this.weight = torch.randn(outChannels, fanIn).mul((2 / fanIn) ** 0.5);
    this.bias = torch.zeros(outChannels, 1);
  }

  forward(x: torch.Tensor) {
    const [n, _, h, w] = x.shape;
    this.imageSize = [h, w];
    // Each patch under the kernel becomes a column: [n, inChannels * 25, patches].
    this.columns = F.unfold(x, this.kernelSize);
    const y = this.weight.matmul(this.columns) + this.bias; //> const y = this.weight.matmul(this.columns).add(this.bias);
    return y.reshape(n, -1, h - this.kernelSize + 1, w - this.kernelSize + 1);
  }

  backward(g: torch.Tensor) {
    g = g.flatten(2);
    const weightGrad = g.matmul(this.columns.transpose(1, 2)).sum(0);
    const biasGrad = g.sum([0, 2]).unsqueeze(1);
    const columnsGrad = this.weight.t().matmul(g);
    return [weightGrad, biasGrad, F.fold(columnsGrad, this.imageSize, this.kernelSize)];
  }
}

const conv = new Conv(1, 16, 5);
const x = torch.rand(2, 1, 28, 28);
let y = conv.forward(x);

const windows = F.unfold(y, 2, { stride: 2 }).reshape(2, 16, 4, -1);
const [values, index] = windows.max(2, true);
const isLargest = (torch.arange(4).reshape(4, 1) == index).float(); //> const isLargest = torch.arange(4).reshape(4, 1).eq(index).float();
console.log(values.shape, isLargest.shape);

const isPositive = y > 0; //> const isPositive = y.gt(0);
y = y * isPositive; //> y = y.mul(isPositive);
y = 1 / (1 + torch.exp(-y)); //> y = y.neg().exp().add(1).reciprocal();
console.log(conv.backward(torch.ones(2, 16, 24, 24)).map((t) => t.shape));

const logits = torch.randn(2, 10, { dtype: torch.float64 });
const target = torch.tensor([3, 7], { dtype: torch.int64 });
const logP = logits - logits.logsumexp(1, true); //> const logP = logits.sub(logits.logsumexp(1, true));
const loss = -logP.gather(1, target.unsqueeze(1)).mean(); //> const loss = logP.gather(1, target.unsqueeze(1)).mean().neg();
console.log(loss.item());
const grad = (logP.exp() - F.oneHot(target, 10)) / 2; //> const grad = logP.exp().sub(F.oneHot(target, 10)).div(2);
conv.weight -= 0.1 * grad.sum(); //> conv.weight.sub_(grad.sum().mul(0.1));
