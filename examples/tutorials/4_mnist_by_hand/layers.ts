/** The layers of the network by hand, and the loss. */
import { arange, F, randn, type Tensor, zeros } from "@troodon/troodon";

// A layer keeps in forward() what backward() needs. backward() is given the gradient of the output, leaves
// the gradients of the parameters in `grads`, and returns the gradient of the input.
export abstract class Layer {
  parameters: Tensor[] = [];
  grads: Tensor[] = [];
  abstract forward(x: Tensor): Tensor;
  abstract backward(g: Tensor): Tensor;
}

export class Conv extends Layer {
  kernelSize: number;
  imageSize!: [number, number];
  columns!: Tensor;

  constructor(inChannels: number, outChannels: number, kernelSize: number) {
    super();
    this.kernelSize = kernelSize;
    const fanIn = inChannels * kernelSize * kernelSize;
    const weight = randn(outChannels, fanIn).mul(Math.sqrt(2 / fanIn));
    const bias = zeros(outChannels, 1);
    this.parameters = [weight, bias];
  }

  forward(x: Tensor) {
    const [weight, bias] = this.parameters;
    const [n, _, h, w] = x.shape;
    this.imageSize = [h, w];
    // Each patch under the kernel becomes a column: [n, inChannels * 25, patches].
    this.columns = F.unfold(x, this.kernelSize);
    const y = weight.matmul(this.columns).add(bias);
    return y.reshape(n, -1, h - this.kernelSize + 1, w - this.kernelSize + 1);
  }

  backward(g: Tensor) {
    const [weight] = this.parameters;
    g = g.flatten(2);
    const weightGrad = g.matmul(this.columns.transpose(1, 2)).sum(0);
    const biasGrad = g.sum([0, 2]).unsqueeze(1);
    this.grads = [weightGrad, biasGrad];
    const columnsGrad = weight.t().matmul(g);
    return F.fold(columnsGrad, this.imageSize, this.kernelSize);
  }
}

export class MaxPool extends Layer {
  imageSize!: [number, number];
  index!: Tensor;

  forward(x: Tensor) {
    const [n, c, h, w] = x.shape;
    this.imageSize = [h, w];
    const windows = F.unfold(x, 2, { stride: 2 }).reshape(n, c, 4, -1);
    const [values, index] = windows.max(2, true);
    this.index = index;
    return values.reshape(n, c, h / 2, w / 2);
  }

  backward(g: Tensor) {
    const [n, c] = g.shape;
    // The largest of the four gets all of the gradient.
    const isLargest = arange(4).reshape(4, 1).eq(this.index);
    const windows = g.reshape(n, c, 1, -1).mul(isLargest).reshape(n, c * 4, -1);
    return F.fold(windows, this.imageSize, 2, { stride: 2 });
  }
}

export class Sigmoid extends Layer {
  y!: Tensor;

  forward(x: Tensor) {
    this.y = x.neg().exp().add(1).reciprocal();
    return this.y;
  }

  backward(g: Tensor) {
    return g.mul(this.y).mul(this.y.neg().add(1));
  }
}

export class ReLU extends Layer {
  isPositive!: Tensor;

  forward(x: Tensor) {
    this.isPositive = x.gt(0);
    return x.mul(this.isPositive);
  }

  backward(g: Tensor) {
    return g.mul(this.isPositive);
  }
}

export class Flatten extends Layer {
  shape!: readonly number[];

  forward(x: Tensor) {
    this.shape = x.shape;
    return x.flatten(1);
  }

  backward(g: Tensor) {
    return g.reshape(this.shape);
  }
}

export class Linear extends Layer {
  x!: Tensor;

  constructor(inFeatures: number, outFeatures: number) {
    super();
    const weight = randn(outFeatures, inFeatures).mul(Math.sqrt(2 / inFeatures));
    const bias = zeros(outFeatures);
    this.parameters = [weight, bias];
  }

  forward(x: Tensor) {
    const [weight, bias] = this.parameters;
    this.x = x;
    return x.matmul(weight.t()).add(bias);
  }

  backward(g: Tensor) {
    const [weight] = this.parameters;
    this.grads = [g.t().matmul(this.x), g.sum(0)];
    return g.matmul(weight);
  }
}

export class Sequential extends Layer {
  layers: Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.layers = layers;
    this.parameters = layers.flatMap((layer) => layer.parameters);
  }

  forward(x: Tensor) {
    for (const layer of this.layers) x = layer.forward(x);
    return x;
  }

  backward(g: Tensor) {
    for (const layer of this.layers.toReversed()) g = layer.backward(g);
    this.grads = this.layers.flatMap((layer) => layer.grads);
    return g;
  }
}

export class CrossEntropyLoss {
  logSoftmax!: Tensor;
  target!: Tensor;

  forward(output: Tensor, target: Tensor) {
    const shifted = output.sub(output.amax(1, true));
    this.logSoftmax = shifted.sub(shifted.exp().sum(1, true).log());
    this.target = F.oneHot(target, 10);
    return this.logSoftmax.mul(this.target).sum(1).mean().neg();
  }

  backward() {
    return this.logSoftmax.exp().sub(this.target).div(this.target.shape[0]);
  }
}
