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
import { type Program, program, type ProgramSize } from "./program.ts";

/** Sizes of images and network. */
interface ResNetSize {
  /** Rows and columns. */
  readonly side: number;
  readonly classes: number;
  /** Channels of the first stage; each further stage doubles them. */
  readonly width: number;
}

const SIZES: Readonly<Record<ProgramSize, ResNetSize>> = {
  usual: { side: 224, classes: 1000, width: 64 },
  small: { side: 32, classes: 5, width: 2 },
};

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

function resnet18({ width, classes }: ResNetSize): Sequential {
  const stages = [[1, 1, 1], [1, 2, 2], [2, 4, 2], [4, 8, 2]].flatMap(([from, to, stride]) => [
    new BasicBlock(from! * width, to! * width, stride!),
    new BasicBlock(to! * width, to! * width, 1),
  ]);
  const stem = [
    conv(3, width, 7, 2),
    new BatchNorm2d(width),
    new ReLU(),
    new MaxPool2d(3, { stride: 2, padding: 1 }),
  ];
  const head = [new AdaptiveAvgPool2d(1), new Flatten(), new Linear(8 * width, classes)];
  return new Sequential(...stem, ...stages, ...head);
}

/** Images of 224 rows and columns in a thousand classes. */
export const RESNET18: Program = program({
  title: "ResNet-18 on 3x224x224, SGD with momentum",
  batchSize: 8,
  build(batchSize, size = "usual") {
    const { side, classes } = SIZES[size], model = resnet18(SIZES[size]), criterion = new CrossEntropyLoss();
    return {
      model,
      optimizer: () => new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 }),
      draw: () => [
        randn([batchSize, 3, side, side]),
        randint(0, classes, [batchSize], { dtype: "int32" }),
      ],
      loss: (images, labels) => criterion.forward(model.forward(images!), labels!),
    };
  },
});
