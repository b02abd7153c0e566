/** ResNet models. */
import type { Tensor } from "@troodon/core";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  init,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { heNormal, initialize } from "../blocks/initialize.ts";
import { CLASSIFIER_OPTIONS, type ClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";
import { BasicBlock, Bottleneck } from "./resnet_blocks.ts";

/** Options of {@linkcode ResNet} that its model functions accept. */
export interface ResNetOptions extends ClassifierOptions {
  /**
   * If true, initializes the scale of the last normalization of each residual branch to 0 (default false).
   */
  readonly zeroInitResidual?: boolean;
}

/** Options of {@linkcode ResNet}. */
export interface ResNetArchitecture extends ResNetOptions {
  /** Kind of the blocks. */
  readonly block: "basic" | "bottleneck";
  /** Number of blocks of each stage. */
  readonly layers: readonly [number, number, number, number];
  /** Number of groups of the 3 x 3 convolutions of bottlenecks (default 1). */
  readonly groups?: number;
  /** Number of channels per group for each 64 channels of the stage (default 64). */
  readonly widthPerGroup?: number;
}
const RESNET_OPTIONS: OptionKeys<ResNetArchitecture> = {
  block: true,
  layers: true,
  ...CLASSIFIER_OPTIONS,
  zeroInitResidual: true,
  groups: true,
  widthPerGroup: true,
};

/**
 * Residual network (He et al. 2016, arXiv:1512.03385), also wide (Zagoruyko and Komodakis 2016,
 * arXiv:1605.07146) or with groups (Xie et al. 2017, arXiv:1611.05431): [n, 3, h, w] to logits
 * [n, numClasses]. Bottlenecks have their stride in the 3 x 3 convolution.
 */
export class ResNet extends Module {
  /** First convolution, of 7 x 7 with stride 2. */
  readonly conv1: Conv2d;
  /** Follows the first convolution. */
  readonly bn1: BatchNorm2d = new BatchNorm2d(64);
  /** Follows the first convolution. */
  readonly relu: ReLU = new ReLU();
  /** Pooling that halves height and width. */
  readonly maxpool: MaxPool2d = new MaxPool2d(3, { stride: 2, padding: 1 });
  /** Blocks of 64 channels. */
  readonly layer1: Sequential;
  /** Blocks of 128 channels, at half the height and width. */
  readonly layer2: Sequential;
  /** Blocks of 256 channels, at a quarter of the height and width. */
  readonly layer3: Sequential;
  /** Blocks of 512 channels, at an eighth of the height and width. */
  readonly layer4: Sequential;
  /** Global average pooling. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** Layers that compute the logits. */
  fc: Linear;
  /** Arguments of the constructor. */
  protected readonly options: ResNetArchitecture;

  /** Creates a network with weights drawn from the generator of the device. */
  constructor(options: ResNetArchitecture) {
    const {
      block,
      layers,
      numClasses = 1000,
      inChannels = 3,
      zeroInitResidual = false,
      groups,
      widthPerGroup,
    } = readOptions(new.target.name, options, RESNET_OPTIONS);
    super();
    this.options = options;
    const [Block, expansion] = block === "basic" ? [BasicBlock, 1] as const : [Bottleneck, 4] as const;
    let channelsSoFar = 64;
    const stage = (count: number, channels: number, stride: number): Sequential =>
      new Sequential(
        ...Array.from({ length: count }, (_, i) => {
          const made = new Block({
            inChannels: channelsSoFar,
            channels,
            stride: i === 0 ? stride : 1,
            ...(groups !== undefined && { groups }),
            ...(widthPerGroup !== undefined && { widthPerGroup }),
          });
          channelsSoFar = channels * expansion;
          return made;
        }),
      );
    this.conv1 = new Conv2d(inChannels, 64, 7, { stride: 2, padding: 3, bias: false });
    this.layer1 = stage(layers[0], 64, 1);
    this.layer2 = stage(layers[1], 128, 2);
    this.layer3 = stage(layers[2], 256, 2);
    this.layer4 = stage(layers[3], 512, 2);
    this.fc = new Linear(512 * expansion, numClasses);
    initialize(this, { conv: heNormal });
    if (!zeroInitResidual) return;
    for (const module of this.modules()) {
      const last = module instanceof BasicBlock
        ? module.bn2
        : module instanceof Bottleneck
        ? module.bn3
        : null;
      if (last?.weight) init.zeros_(last.weight);
    }
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    x = this.maxpool(this.relu(this.bn1(this.conv1(x))));
    x = this.layer4(this.layer3(this.layer2(this.layer1(x))));
    return this.fc(this.avgpool(x).flatten(1));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, numClasses: this.fc.outFeatures }];
  }
}

/** Function that creates a {@linkcode ResNet}. */
export type ResNetFunction = ModelFunction<ResNet, ResNetOptions>;

const resnet = (name: string, architecture: Omit<ResNetArchitecture, keyof ResNetOptions>): ResNetFunction =>
  modelFunction(name, (options) => new ResNet({ ...options, ...architecture }));

/** ResNet of 18 layers (11.7 million parameters); see {@linkcode ResNet}. */
export const resnet18: ResNetFunction = resnet("resnet18", { block: "basic", layers: [2, 2, 2, 2] });
/** ResNet of 34 layers (21.8 million parameters); see {@linkcode ResNet}. */
export const resnet34: ResNetFunction = resnet("resnet34", { block: "basic", layers: [3, 4, 6, 3] });
/** ResNet of 50 layers (25.6 million parameters); see {@linkcode ResNet}. */
export const resnet50: ResNetFunction = resnet("resnet50", { block: "bottleneck", layers: [3, 4, 6, 3] });
/** ResNet of 101 layers (44.5 million parameters); see {@linkcode ResNet}. */
export const resnet101: ResNetFunction = resnet("resnet101", { block: "bottleneck", layers: [3, 4, 23, 3] });
/** ResNet of 152 layers (60.2 million parameters); see {@linkcode ResNet}. */
export const resnet152: ResNetFunction = resnet("resnet152", { block: "bottleneck", layers: [3, 8, 36, 3] });
/** ResNeXt of 50 layers, 32 groups of width 4 (25.0 million parameters); see {@linkcode ResNet}. */
export const resnext50_32x4d: ResNetFunction = resnet("resnext50_32x4d", {
  block: "bottleneck",
  layers: [3, 4, 6, 3],
  groups: 32,
  widthPerGroup: 4,
});
/** ResNeXt of 101 layers, 32 groups of width 8 (88.8 million parameters); see {@linkcode ResNet}. */
export const resnext101_32x8d: ResNetFunction = resnet("resnext101_32x8d", {
  block: "bottleneck",
  layers: [3, 4, 23, 3],
  groups: 32,
  widthPerGroup: 8,
});
/** ResNeXt of 101 layers, 64 groups of width 4 (83.5 million parameters); see {@linkcode ResNet}. */
export const resnext101_64x4d: ResNetFunction = resnet("resnext101_64x4d", {
  block: "bottleneck",
  layers: [3, 4, 23, 3],
  groups: 64,
  widthPerGroup: 4,
});
/** ResNet of 50 layers with bottlenecks twice as wide (68.9 million parameters); see {@linkcode ResNet}. */
export const wideResnet50_2: ResNetFunction = resnet("wide_resnet50_2", {
  block: "bottleneck",
  layers: [3, 4, 6, 3],
  widthPerGroup: 128,
});
/** ResNet of 101 layers with bottlenecks twice as wide (126.9 million parameters); see {@linkcode ResNet}. */
export const wideResnet101_2: ResNetFunction = resnet("wide_resnet101_2", {
  block: "bottleneck",
  layers: [3, 4, 23, 3],
  widthPerGroup: 128,
});
