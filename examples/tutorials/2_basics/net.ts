/** Networks of three fully connected layers: plain, with ReLU, and with batch normalization. */
import { nn, type Tensor } from "@troodon/troodon";

/** Three fully connected layers. */
export class SimpleNet extends nn.Module {
  layer1: nn.Linear;
  layer2: nn.Linear;
  layer3: nn.Linear;

  constructor(inDim: number, nHidden1: number, nHidden2: number, outDim: number) {
    super();
    this.layer1 = new nn.Linear(inDim, nHidden1);
    this.layer2 = new nn.Linear(nHidden1, nHidden2);
    this.layer3 = new nn.Linear(nHidden2, outDim);
  }

  override forward(x: Tensor): Tensor {
    x = this.layer1(x);
    x = this.layer2(x);
    x = this.layer3(x);
    return x;
  }
}

/** A fully connected network with ReLU between its layers. */
export class ActivationNet extends nn.Module {
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Linear;

  constructor(inDim: number, nHidden1: number, nHidden2: number, outDim: number) {
    super();
    this.layer1 = new nn.Sequential(new nn.Linear(inDim, nHidden1), new nn.ReLU());
    this.layer2 = new nn.Sequential(new nn.Linear(nHidden1, nHidden2), new nn.ReLU());
    this.layer3 = new nn.Linear(nHidden2, outDim);
  }

  override forward(x: Tensor): Tensor {
    x = this.layer1(x);
    x = this.layer2(x);
    x = this.layer3(x);
    return x;
  }
}

/** A fully connected network with batch normalization before each ReLU. */
export class BatchNet extends nn.Module {
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Linear;

  constructor(inDim: number, nHidden1: number, nHidden2: number, outDim: number) {
    super();
    this.layer1 = new nn.Sequential(
      new nn.Linear(inDim, nHidden1),
      new nn.BatchNorm1d(nHidden1),
      new nn.ReLU(),
    );
    this.layer2 = new nn.Sequential(
      new nn.Linear(nHidden1, nHidden2),
      new nn.BatchNorm1d(nHidden2),
      new nn.ReLU(),
    );
    this.layer3 = new nn.Linear(nHidden2, outDim);
  }

  override forward(x: Tensor): Tensor {
    x = this.layer1(x);
    x = this.layer2(x);
    x = this.layer3(x);
    return x;
  }
}
