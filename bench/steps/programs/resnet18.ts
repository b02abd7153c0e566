/** ResNet-18 (He et al. 2016, arXiv:1512.03385). */
import { randint, randn, type Tensor } from "@troodon/core";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  CrossEntropyLoss,
  Flatten,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
  SGD,
} from "@troodon/troodon";
import { type Program, stepOf } from "./program.ts";

const [SIZE, CLASSES] = [224, 1000] as const;

const conv = (from: number, to: number, kernel: number, stride: number): Conv2d =>
  new Conv2d(from, to, kernel, { stride, padding: (kernel - 1) / 2, bias: false });

/** Two convolutions, beside what passes them by. */
class BasicBlock extends Module {
  readonly body: Sequential;
  readonly shortcut: Sequential;
  readonly relu: ReLU = new ReLU();

  constructor(from: number, to: number, stride: number) {
    super();
    this.body = new Sequential(
      conv(from, to, 3, stride),
      new BatchNorm2d(to),
      new ReLU(),
      conv(to, to, 3, 1),
      new BatchNorm2d(to),
    );
    const same = from === to && stride === 1;
    this.shortcut = new Sequential(...(same ? [] : [conv(from, to, 1, stride), new BatchNorm2d(to)]));
  }

  override forward(x: Tensor): Tensor {
    return this.relu.forward(this.body.forward(x).add(this.shortcut.forward(x)));
  }
}

function resnet18(): Sequential {
  const stages = ([[64, 64, 1], [64, 128, 2], [128, 256, 2], [256, 512, 2]] as const).flatMap((
    [from, to, stride],
  ) => [new BasicBlock(from, to, stride), new BasicBlock(to, to, 1)]);
  const stem = [
    conv(3, 64, 7, 2),
    new BatchNorm2d(64),
    new ReLU(),
    new MaxPool2d(3, { stride: 2, padding: 1 }),
  ];
  const head = [new AdaptiveAvgPool2d(1), new Flatten(), new Linear(512, CLASSES)];
  return new Sequential(...stem, ...stages, ...head);
}

/** Images of 224 rows and columns in a thousand classes. */
export const RESNET18: Program = {
  title: "ResNet-18 on 3x224x224, SGD with momentum",
  batchSize: 8,
  prepare(batchSize) {
    const model = resnet18(), criterion = new CrossEntropyLoss();
    const images = randn([batchSize, 3, SIZE, SIZE]);
    const labels = randint(0, CLASSES, [batchSize], { dtype: "int32" });
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
    return stepOf(optimizer, () => criterion.forward(model.forward(images), labels));
  },
};
