/** Every class of `@troodon/nn`: how it is made, and what it is called with. */
import { rand, randint, randn, type Tensor, tensor } from "@troodon/core";
import * as nn from "@troodon/nn";
import type { ExportOptions } from "@troodon/onnx";

/** A module, and inputs for any number of samples. */
export interface Exported {
  readonly module: nn.AnyModule;
  readonly inputs: (n: number) => readonly unknown[];
  readonly options?: ExportOptions;
}

/** A module of one input of random numbers, whose extents behind the first are `shape`. */
const of = (module: nn.AnyModule, ...shape: number[]): Exported => ({
  module,
  inputs: (n) => [randn([n, ...shape])],
});

/** A module of several inputs. */
const on = (
  module: nn.AnyModule,
  inputs: (n: number) => readonly unknown[],
  options: ExportOptions = {},
): Exported => ({
  module,
  inputs,
  options,
});

/** A loss of predictions and targets of one shape. */
const pair = (module: nn.AnyModule, make: (shape: number[]) => Tensor = (shape) => randn(shape)): Exported =>
  on(module, (n) => [make([n, 3]), make([n, 3])]);

const classes = (n: number, count: number): Tensor => randint(count, [n], { dtype: "int64" });
const signs = (shape: number[]): Tensor => randn(shape).sign();
const positive = (shape: number[]): Tensor => rand(shape).add(0.1);

/** The batch is the second axis of the first input. */
const SECOND: ExportOptions = { dynamicAxes: { input: { 1: "N" } } };
const SECONDS: ExportOptions = { dynamicAxes: { input_0: { 1: "N" }, input_1: { 1: "N" } } };

/** By class, and by what is special, behind a colon. */
export const MODULES: Readonly<Record<string, () => Exported>> = {
  AdaptiveAvgPool1d: () => of(new nn.AdaptiveAvgPool1d(3), 2, 6),
  AdaptiveAvgPool2d: () => of(new nn.AdaptiveAvgPool2d([3, 2]), 2, 6, 6),
  "AdaptiveAvgPool2d: sizes that do not divide": () => of(new nn.AdaptiveAvgPool2d([3, 2]), 2, 7, 5),
  "AdaptiveAvgPool2d: all of it": () => of(new nn.AdaptiveAvgPool2d(1), 2, 7, 5),
  AdaptiveAvgPool3d: () => of(new nn.AdaptiveAvgPool3d(2), 2, 4, 4, 4),
  AdaptiveMaxPool1d: () => of(new nn.AdaptiveMaxPool1d(3), 2, 6),
  AdaptiveMaxPool2d: () => of(new nn.AdaptiveMaxPool2d([3, 2]), 2, 6, 6),
  "AdaptiveMaxPool2d: sizes that do not divide": () => of(new nn.AdaptiveMaxPool2d([3, 2]), 2, 7, 5),
  AdaptiveMaxPool3d: () => of(new nn.AdaptiveMaxPool3d(2), 2, 4, 4, 4),
  AlphaDropout: () => of(new nn.AlphaDropout(0.3), 4),
  AvgPool1d: () => of(new nn.AvgPool1d(2, { padding: 1 }), 2, 6),
  AvgPool2d: () => of(new nn.AvgPool2d([2, 3], { padding: 1, countIncludePad: false }), 2, 6, 6),
  "AvgPool2d: ceilMode": () => of(new nn.AvgPool2d(2, { ceilMode: true }), 2, 5, 5),
  "AvgPool2d: ceilMode, padding": () =>
    of(new nn.AvgPool2d(3, { stride: 2, padding: 1, ceilMode: true }), 2, 6, 6),
  "AvgPool2d: divisorOverride": () => of(new nn.AvgPool2d(2, { divisorOverride: 3 }), 2, 4, 4),
  AvgPool3d: () => of(new nn.AvgPool3d(2), 2, 4, 4, 4),
  BCELoss: () => pair(new nn.BCELoss(), (shape) => rand(shape).mul(0.8).add(0.1)),
  BCEWithLogitsLoss: () => pair(new nn.BCEWithLogitsLoss(), (shape) => rand(shape)),
  BatchNorm1d: () => of(new nn.BatchNorm1d(3), 3),
  "BatchNorm1d: of its batch": () => of(new nn.BatchNorm1d(3, { trackRunningStats: false }), 3, 4),
  BatchNorm2d: () => of(new nn.BatchNorm2d(3, { eps: 0.1 }), 3, 4, 4),
  "BatchNorm2d: without weights": () => of(new nn.BatchNorm2d(3, { affine: false }), 3, 4, 4),
  BatchNorm3d: () => of(new nn.BatchNorm3d(3), 3, 2, 2, 2),
  Bilinear: () => on(new nn.Bilinear(2, 3, 4), (n) => [randn([n, 2]), randn([n, 3])]),
  CELU: () => of(new nn.CELU(0.5), 4),
  CTCLoss: () =>
    on(
      new nn.CTCLoss(),
      () => [randn([4, 2, 3]).logSoftmax(-1), tensor([[1, 2], [2, 1]], { dtype: "int64" }), [4, 4], [2, 2]],
      {
        dynamicAxes: {},
      },
    ),
  ChannelShuffle: () => of(new nn.ChannelShuffle(2), 4, 3, 3),
  CircularPad1d: () => of(new nn.CircularPad1d(1), 2, 4),
  CircularPad2d: () => of(new nn.CircularPad2d([1, 0, 1, 2]), 2, 4, 4),
  CircularPad3d: () => of(new nn.CircularPad3d(1), 2, 3, 3, 3),
  ConstantPad1d: () => of(new nn.ConstantPad1d(1, 3), 2, 4),
  ConstantPad2d: () => of(new nn.ConstantPad2d([1, 2, 0, 3], -1), 2, 4, 4),
  "ConstantPad2d: cut off": () => of(new nn.ConstantPad2d([-1, 2, 1, -1], 2), 2, 4, 4),
  ConstantPad3d: () => of(new nn.ConstantPad3d(1, 0.5), 2, 3, 3, 3),
  Conv1d: () => of(new nn.Conv1d(2, 4, 3, { padding: 1, stride: 2 }), 2, 7),
  Conv2d: () =>
    of(
      new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], dilation: [1, 2], groups: 2, padding: [1, 0] }),
      4,
      7,
      7,
    ),
  "Conv2d: without bias, same": () => of(new nn.Conv2d(2, 3, 2, { bias: false, padding: "same" }), 2, 5, 5),
  "Conv2d: reflect": () => of(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "reflect" }), 2, 5, 5),
  "Conv2d: circular": () => of(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "circular" }), 2, 5, 5),
  "Conv2d: replicate": () => of(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "replicate" }), 2, 5, 5),
  Conv3d: () => of(new nn.Conv3d(2, 3, 2, { padding: 1, stride: [1, 2, 1] }), 2, 4, 4, 4),
  ConvTranspose1d: () => of(new nn.ConvTranspose1d(2, 3, 3, { stride: 2, outputPadding: 1 }), 2, 5),
  ConvTranspose2d: () =>
    of(new nn.ConvTranspose2d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }), 4, 4, 4),
  ConvTranspose3d: () => of(new nn.ConvTranspose3d(2, 3, 2, { stride: 2 }), 2, 2, 2, 2),
  CosineEmbeddingLoss: () =>
    on(new nn.CosineEmbeddingLoss({ margin: 0.2 }), (n) => [randn([n, 3]), randn([n, 3]), signs([n])]),
  CosineSimilarity: () => pair(new nn.CosineSimilarity()),
  CrossEntropyLoss: () => on(new nn.CrossEntropyLoss(), (n) => [randn([n, 3]), classes(n, 3)]),
  "CrossEntropyLoss: weight, labelSmoothing": () =>
    on(
      new nn.CrossEntropyLoss({ weight: tensor([1, 2, 3]), labelSmoothing: 0.1, reduction: "sum" }),
      (n) => [randn([n, 3]), classes(n, 3)],
    ),
  Dropout: () => of(new nn.Dropout(0.3), 4),
  Dropout1d: () => of(new nn.Dropout1d(), 4, 3),
  Dropout2d: () => of(new nn.Dropout2d(), 4, 3, 3),
  Dropout3d: () => of(new nn.Dropout3d(), 4, 3, 3, 3),
  ELU: () => of(new nn.ELU(0.5), 4),
  Embedding: () => on(new nn.Embedding(5, 3), (n) => [randint(5, [n, 4], { dtype: "int64" })]),
  "Embedding: int32": () =>
    on(new nn.Embedding(5, 3, { paddingIdx: 1 }), (n) => [randint(5, [n, 4], { dtype: "int32" })]),
  EmbeddingBag: () => on(new nn.EmbeddingBag(5, 3), (n) => [randint(5, [n, 4], { dtype: "int64" })]),
  "EmbeddingBag: sum": () =>
    on(new nn.EmbeddingBag(5, 3, { mode: "sum" }), (n) => [randint(5, [n, 4], { dtype: "int64" })]),
  "EmbeddingBag: max": () =>
    on(new nn.EmbeddingBag(5, 3, { mode: "max" }), (n) => [randint(5, [n, 4], { dtype: "int64" })]),
  FeatureAlphaDropout: () => of(new nn.FeatureAlphaDropout(0.3), 4, 3),
  Flatten: () => of(new nn.Flatten(), 4, 3),
  Fold: () => of(new nn.Fold([4, 5], [2, 2]), 8, 12),
  GELU: () => of(new nn.GELU(), 4),
  "GELU: tanh": () => of(new nn.GELU({ approximate: "tanh" }), 4),
  GLU: () => of(new nn.GLU(), 4),
  GRU: () => on(new nn.GRU(3, 4, { bidirectional: true, numLayers: 2 }), (n) => [randn([5, n, 3])], SECOND),
  "GRU: a state": () => on(new nn.GRU(3, 4), (n) => [randn([5, n, 3]), randn([1, n, 4])], SECONDS),
  GRUCell: () => on(new nn.GRUCell(3, 4), (n) => [randn([n, 3]), randn([n, 4])]),
  GaussianNLLLoss: () =>
    on(new nn.GaussianNLLLoss(), (n) => [randn([n, 3]), randn([n, 3]), positive([n, 3])]),
  GroupNorm: () => of(new nn.GroupNorm(2, 4), 4, 3, 3),
  Hardshrink: () => of(new nn.Hardshrink(), 4),
  Hardsigmoid: () => of(new nn.Hardsigmoid(), 4),
  Hardswish: () => of(new nn.Hardswish(), 4),
  Hardtanh: () => of(new nn.Hardtanh(-0.5, 1), 4),
  HingeEmbeddingLoss: () => on(new nn.HingeEmbeddingLoss(), (n) => [randn([n, 3]), signs([n, 3])]),
  HuberLoss: () => pair(new nn.HuberLoss({ delta: 0.5 })),
  Identity: () => of(new nn.Identity(), 4),
  InstanceNorm1d: () => of(new nn.InstanceNorm1d(3), 3, 5),
  InstanceNorm2d: () => of(new nn.InstanceNorm2d(3, { affine: true }), 3, 4, 4),
  "InstanceNorm2d: running statistics": () =>
    of(new nn.InstanceNorm2d(3, { affine: true, trackRunningStats: true }), 3, 4, 4),
  InstanceNorm3d: () => of(new nn.InstanceNorm3d(3), 3, 2, 2, 2),
  KLDivLoss: () => pair(new nn.KLDivLoss({ reduction: "batchmean" }), (shape) => rand(shape).add(0.1)),
  L1Loss: () => pair(new nn.L1Loss()),
  LPPool1d: () => of(new nn.LPPool1d(2, 2), 2, 6),
  LPPool2d: () => of(new nn.LPPool2d(3, 2, { stride: 1 }), 2, 4, 4),
  LPPool3d: () => of(new nn.LPPool3d(2, 2), 2, 4, 4, 4),
  LSTM: () =>
    on(new nn.LSTM(3, 4, { bidirectional: true, numLayers: 2, batchFirst: true }), (n) => [randn([n, 5, 3])]),
  "LSTM: states": () =>
    on(new nn.LSTM(3, 4), (n) => [randn([5, n, 3]), [randn([1, n, 4]), randn([1, n, 4])]], {
      inputNames: ["x", "h", "c"],
      dynamicAxes: { x: { 0: "T", 1: "N" }, h: { 1: "N" }, c: { 1: "N" } },
    }),
  LSTMCell: () => on(new nn.LSTMCell(3, 4), (n) => [randn([n, 3]), [randn([n, 4]), randn([n, 4])]]),
  LayerNorm: () => of(new nn.LayerNorm(6), 4, 6),
  "LayerNorm: two axes, no bias": () => of(new nn.LayerNorm([4, 6], { bias: false }), 4, 6),
  "LayerNorm: without weights": () => of(new nn.LayerNorm(6, { elementwiseAffine: false }), 6),
  LeakyReLU: () => of(new nn.LeakyReLU(0.3), 4),
  Linear: () => of(new nn.Linear(4, 3), 4),
  "Linear: more axes, no bias": () => of(new nn.Linear(4, 3, { bias: false }), 2, 4),
  LocalResponseNorm: () => of(new nn.LocalResponseNorm(2), 4, 3, 3),
  LogSigmoid: () => of(new nn.LogSigmoid(), 4),
  LogSoftmax: () => of(new nn.LogSoftmax(1), 4, 3),
  MSELoss: () => pair(new nn.MSELoss()),
  MarginRankingLoss: () => on(new nn.MarginRankingLoss(), (n) => [randn([n]), randn([n]), signs([n])]),
  MaxPool1d: () => of(new nn.MaxPool1d(2, { padding: 1 }), 2, 6),
  MaxPool2d: () => of(new nn.MaxPool2d(2, { stride: [1, 2], dilation: 2, ceilMode: true }), 2, 6, 6),
  MaxPool3d: () => of(new nn.MaxPool3d(2), 2, 4, 4, 4),
  MaxUnpool1d: () =>
    on(
      new nn.MaxUnpool1d(2),
      (
        n,
      ) => [
        randn([n, 1, 2]),
        randint(2, [n, 1, 2], { dtype: "int64" }).add(tensor([0, 2], { dtype: "int64" })),
      ],
    ),
  MaxUnpool2d: () =>
    on(new nn.MaxUnpool2d(2), (n) => [randn([n, 1, 1, 1]), randint(4, [n, 1, 1, 1], { dtype: "int64" })]),
  MaxUnpool3d: () =>
    on(
      new nn.MaxUnpool3d(2),
      (n) => [randn([n, 1, 1, 1, 1]), randint(8, [n, 1, 1, 1, 1], { dtype: "int64" })],
    ),
  Maxout: () => of(new nn.Maxout(3, 2, 4), 3),
  Mish: () => of(new nn.Mish(), 4),
  MultiLabelMarginLoss: () =>
    on(
      new nn.MultiLabelMarginLoss(),
      (n) => [randn([n, 3]), tensor([[1, -1, 0]], { dtype: "int64" }).expand([n, 3]).clone()],
    ),
  MultiLabelSoftMarginLoss: () => pair(new nn.MultiLabelSoftMarginLoss(), (shape) => rand(shape)),
  MultiMarginLoss: () => on(new nn.MultiMarginLoss(), (n) => [randn([n, 3]), classes(n, 3)]),
  MultiheadAttention: () =>
    on(
      new nn.MultiheadAttention(4, 2, { batchFirst: true }),
      (n) => [randn([n, 3, 4]), randn([n, 5, 4]), randn([n, 5, 4])],
    ),
  NLLLoss: () => on(new nn.NLLLoss(), (n) => [randn([n, 3]).logSoftmax(1), classes(n, 3)]),
  PReLU: () => of(new nn.PReLU({ numParameters: 3 }), 3, 4),
  PairwiseDistance: () => pair(new nn.PairwiseDistance()),
  PixelShuffle: () => of(new nn.PixelShuffle(2), 4, 3, 3),
  PixelUnshuffle: () => of(new nn.PixelUnshuffle(3), 2, 6, 6),
  PoissonNLLLoss: () => pair(new nn.PoissonNLLLoss({ full: true }), (shape) => rand(shape).mul(3)),
  RMSNorm: () => of(new nn.RMSNorm(6), 4, 6),
  RNN: () => on(new nn.RNN(3, 4, { bidirectional: true }), (n) => [randn([5, n, 3])], SECOND),
  "RNN: relu": () =>
    on(new nn.RNN(3, 4, { nonlinearity: "relu", bias: false }), (n) => [randn([5, n, 3])], SECOND),
  RNNCell: () => on(new nn.RNNCell(3, 4), (n) => [randn([n, 3]), randn([n, 4])]),
  RReLU: () => of(new nn.RReLU(), 4),
  ReLU: () => of(new nn.ReLU(), 4),
  ReLU6: () => of(new nn.ReLU6(), 4),
  ReflectionPad1d: () => of(new nn.ReflectionPad1d(2), 2, 4),
  ReflectionPad2d: () => of(new nn.ReflectionPad2d([1, 2, 0, 3]), 2, 4, 4),
  ReflectionPad3d: () => of(new nn.ReflectionPad3d(1), 2, 3, 3, 3),
  ReplicationPad1d: () => of(new nn.ReplicationPad1d([1, 0]), 2, 4),
  ReplicationPad2d: () => of(new nn.ReplicationPad2d(2), 2, 4, 4),
  ReplicationPad3d: () => of(new nn.ReplicationPad3d(1), 2, 3, 3, 3),
  SELU: () => of(new nn.SELU(), 4),
  Sequential: () => of(new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3)), 4),
  SiLU: () => of(new nn.SiLU(), 4),
  Sigmoid: () => of(new nn.Sigmoid(), 4),
  SmoothL1Loss: () => pair(new nn.SmoothL1Loss({ beta: 0.3 })),
  SoftMarginLoss: () => on(new nn.SoftMarginLoss(), (n) => [randn([n, 3]), signs([n, 3])]),
  Softmax: () => of(new nn.Softmax(-1), 4, 3),
  "Softmax: a middle axis": () => of(new nn.Softmax(1), 4, 3),
  Softmax2d: () => of(new nn.Softmax2d(), 4, 3, 3),
  Softmin: () => of(new nn.Softmin(1), 4),
  Softplus: () => of(new nn.Softplus(), 4),
  "Softplus: beta": () => of(new nn.Softplus(2, 10), 4),
  Softshrink: () => of(new nn.Softshrink(), 4),
  Softsign: () => of(new nn.Softsign(), 4),
  Tanh: () => of(new nn.Tanh(), 4),
  Tanhshrink: () => of(new nn.Tanhshrink(), 4),
  Threshold: () => of(new nn.Threshold(0.1, 20), 4),
  "Threshold: 0": () => of(new nn.Threshold(0.1, 0), 4),
  Transformer: () =>
    on(
      new nn.Transformer(4, 2, {
        numEncoderLayers: 1,
        numDecoderLayers: 1,
        dimFeedforward: 3,
        batchFirst: true,
      }),
      (n) => [randn([n, 3, 4]), randn([n, 2, 4])],
    ),
  TransformerDecoder: () =>
    on(
      new nn.TransformerDecoder(
        new nn.TransformerDecoderLayer(4, 2, { dimFeedforward: 3, batchFirst: true }),
        2,
      ),
      (n) => [randn([n, 3, 4]), randn([n, 2, 4])],
    ),
  TransformerDecoderLayer: () =>
    on(
      new nn.TransformerDecoderLayer(4, 2, { dimFeedforward: 3, batchFirst: true, activation: "gelu" }),
      (n) => [randn([n, 3, 4]), randn([n, 2, 4])],
    ),
  TransformerEncoder: () =>
    of(
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 3, batchFirst: true }),
        2,
      ),
      3,
      4,
    ),
  TransformerEncoderLayer: () =>
    on(new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 3 }), (n) => [randn([5, n, 4])], SECOND),
  TripletMarginLoss: () =>
    on(new nn.TripletMarginLoss(), (n) => [randn([n, 3]), randn([n, 3]), randn([n, 3])]),
  TripletMarginWithDistanceLoss: () =>
    on(new nn.TripletMarginWithDistanceLoss(), (n) => [randn([n, 3]), randn([n, 3]), randn([n, 3])]),
  Unflatten: () => of(new nn.Unflatten(1, [2, 3]), 6),
  Unfold: () => of(new nn.Unfold([2, 3], { dilation: 2, padding: 1 }), 2, 6, 6),
  Upsample: () => of(new nn.Upsample({ scaleFactor: 2 }), 2, 3, 3),
  "Upsample: bilinear": () =>
    of(new nn.Upsample({ size: [5, 7], mode: "bilinear", alignCorners: true }), 2, 3, 3),
  "Upsample: bicubic": () => of(new nn.Upsample({ scaleFactor: 2, mode: "bicubic" }), 2, 4, 4),
  "Upsample: linear": () => of(new nn.Upsample({ scaleFactor: 1.5, mode: "linear" }), 2, 6),
  "Upsample: trilinear": () => of(new nn.Upsample({ scaleFactor: 2, mode: "trilinear" }), 2, 3, 3, 3),
  UpsamplingBilinear2d: () => of(new nn.UpsamplingBilinear2d({ scaleFactor: 2 }), 2, 3, 3),
  UpsamplingNearest2d: () => of(new nn.UpsamplingNearest2d({ scaleFactor: 2 }), 2, 3, 3),
  ZeroPad1d: () => of(new nn.ZeroPad1d(1), 2, 4),
  ZeroPad2d: () => of(new nn.ZeroPad2d([1, 2, 3, 0]), 2, 4, 4),
  ZeroPad3d: () => of(new nn.ZeroPad3d(1), 2, 3, 3, 3),
};

/** Classes that others are made from, and lists, which have no result: they are exported as parts of others. */
export const NOT_EXPORTED: ReadonlySet<unknown> = new Set<unknown>([
  nn.AdaptivePool,
  nn.AvgPool,
  nn.BatchNorm,
  nn.InstanceNorm,
  nn.LPPool,
  nn.Loss,
  nn.MarginLoss,
  nn.MaxPool,
  nn.MaxUnpool,
  nn.ModuleDict,
  nn.ModuleList,
  nn.PaddingModule,
  nn.ParameterDict,
  nn.ParameterHolder,
  nn.ParameterList,
  nn.Pool,
  nn.Recurrent,
  nn.RecurrentCell,
]);
