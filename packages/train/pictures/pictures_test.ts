import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ones, randn, type Tensor, tensor, zeros } from "@troodon/core";
import { Image } from "@troodon/datasets";
import {
  BatchNorm2d,
  Conv2d,
  Embedding,
  Flatten,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "@troodon/nn";
import {
  plotActivations,
  plotConfusion,
  plotDecisionRegions,
  plotFilters,
  plotGraph,
  plotHistograms,
  plotImages,
  plotLearningRates,
  plotLoss,
} from "../mod.ts";
import { blocksOf } from "../graph/blocks.ts";
import { traceGraph } from "../graph/trace_graph.ts";
import { setUp } from "../testdata/line.ts";

/** Texts of a picture, in their order. */
const textsOf = (picture: { toString(): string }): string[] =>
  Array.from(picture.toString().matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text!);

/** Images in a picture, as links. */
const imagesIn = (picture: { toString(): string }): string[] =>
  Array.from(picture.toString().matchAll(/base64,([^"]*)"/g), ([, data]) => data!);

Deno.test("plotLoss() draws logged losses, epochs where they end, and other losses", () => {
  const rows = [
    ...[{ step: 1, epoch: 1, loss: 4 }, { step: 2, epoch: 1, loss: 3 }],
    ...[{ epoch: 1, seconds: 1, loss: 3.5, valLoss: 2, accuracy: 9 }, { step: 4, epoch: 2, loss: 1 }],
    { epoch: 2, seconds: 1, loss: 2, valLoss: NaN, accuracy: 9 },
  ];
  const svg = plotLoss(rows, { title: "A run" }).toString();
  assertEquals(svg.match(/<circle/g)!.length, 3 + 2 * 3);
  for (const name of ["A run", "step", "logged", "mean of an epoch", "valLoss"]) {
    assertStringIncludes(svg, `>${name}<`);
  }
  assertEquals(svg.includes("accuracy"), false);
  assertStringIncludes(plotLoss([{ epoch: 1, seconds: 1, loss: 1 }]).toString(), ">epoch</text>");
  assertEquals(textsOf(plotLoss([])).includes("logged"), false);
});

Deno.test("plotConfusion() writes counts on colors of their share, and names of classes", () => {
  const confusion = [[10, 0], [30, 10]];
  const picture = plotConfusion(confusion, { classes: ["cat", "a long name of a class"] }),
    svg = picture.toString();
  assertEquals(textsOf(picture), [
    ...[
      "Confusion matrix",
      "10",
      "30",
      "10",
      "cat",
      "cat",
      "a long name of a class",
      "a long name of a class",
    ],
    ...["prediction", "truth"],
  ]);
  assertStringIncludes(svg, 'fill="#08447e"');
  assertEquals(svg.match(/rotate\(-90/g)!.length, 3);
  assertThrows(() => plotConfusion(confusion, { classes: ["cat"] }), RangeError, "1 and 2");
  assert(plotConfusion([]).toPng().length > 50);
});

Deno.test("plotImages() draws tensors and images in rows, with a line each", () => {
  setUp();
  const picture = plotImages(ones([5, 1, 2, 4]), { columns: 3, titles: ["a", "b"], size: 40 });
  assertEquals([imagesIn(picture).length, textsOf(picture), picture.width], [5, ["a", "b"], 8 + 3 * 48]);
  const [gray, whole] = [[2, 4], [0, 1]].map((levels) =>
    imagesIn(plotImages(tensor(levels).reshape([1, 1, 1, 2]), { normalize: true }))[0]
  );
  assertEquals(gray, whole);
  assertEquals(imagesIn(plotImages([new Image(1, 1, 1, new Uint8Array(1))])).length, 1);
  assertThrows(() => plotImages(ones([2, 2])), RangeError, "[N, C, H, W]: current shape is [2, 2]");
});

Deno.test("plotFilters() draws three channels as colors, and others by themselves", () => {
  setUp();
  assertEquals(imagesIn(plotFilters(randn([4, 3, 5, 5]))).length, 4);
  assertEquals(imagesIn(plotFilters(randn([4, 2, 5, 5], { requiresGrad: true }))).length, 8);
  assertEquals(imagesIn(plotFilters(tensor([[-1, 0, 1]]).reshape([1, 1, 1, 3]))).length, 1);
  assertThrows(() => plotFilters(randn([4])), RangeError, "plotFilters() as the shape must be");
});

Deno.test("plotHistograms() counts every number, and plotActivations() what each layer gives", () => {
  setUp();
  const picture = plotHistograms({ a: [0, 0, 1, NaN], b: randn([9]) }, { bins: 2 });
  assertEquals(picture.toString().match(/fill="#0072b2"/g)!.length, 4);
  const model = new Sequential(new Linear(2, 3), new ReLU());
  const shown = textsOf(plotActivations(model, ones([4, 2])));
  assertEquals(shown.filter((text) => text.includes("(")), ["0 (Linear)", "1 (ReLU)"]);
  assertEquals([...model.parameters()].every(({ grad }) => grad === null), true);
});

Deno.test("plotDecisionRegions() colors the plane by the class, from above to below", () => {
  setUp();
  const points = tensor([[-1, -1], [1, 1]]), half = (x: Tensor): Tensor => x.slice(1, 1, 2);
  const plot = plotDecisionRegions(half, points, [0, 1], { cells: 2, classes: ["low", "high"] });
  const { data, width, height } = plot.toImage({ scale: 1 });
  const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  const above = at(Math.floor(width / 2) - 60, 80), below = at(Math.floor(width / 2) - 60, height - 70);
  assert(above[0]! > above[2]! && below[2]! > below[0]!, `${above} above, ${below} below`);
  assertEquals(textsOf(plot).slice(-2), ["low", "high"]);
  const scores = (x: Tensor): Tensor => x;
  assertEquals(plotDecisionRegions(scores, points, tensor([1, 1])).toString().match(/<circle/g)!.length, 3);
  assertThrows(() => plotDecisionRegions(half, ones([2, 3]), [0, 1]), RangeError, "[N, 2]");
});

Deno.test("plotLearningRates() ends the curve where training falls apart", () => {
  const plot = plotLearningRates([1e-4, 1e-3, 1e-2, 0.1, 1], [2, 1, 90, 1, 1], { suggestion: 1e-3 });
  const [curve] = plot.toString().match(/<polyline[^>]*stroke="#0072b2"/g)!;
  assertEquals(curve!.match(/points="([^"]*)"/)![1]!.split(" ").length, 3);
  assertStringIncludes(plot.toString(), ">1e-4</text>");
  assertThrows(() => plotLearningRates([1], [1, 2]), RangeError, "1 and 2");
});

class Residual extends Module {
  body = new Sequential(new Conv2d(1, 1, 3, { padding: 1 }), new BatchNorm2d(1));
  pool = new MaxPool2d(2);
  override forward(x: Tensor): Tensor {
    return this.pool(this.pool(this.body(x).add(x)));
  }
}

Deno.test("plotGraph() draws layers with shapes, a box for each time that one is called, and edges over rows", () => {
  setUp();
  const model = new Sequential(new Residual(), new Flatten(), new Linear(1, 2)), x = zeros([2, 1, 4, 4]);
  const blocks = blocksOf(model, traceGraph(model, [x]), "layers");
  assertEquals(blocks.map(({ title, inputs }) => `${title} ${inputs.length}`), [
    ...["input 0", "0.body.0 Conv2d 1", "0.body.1 BatchNorm2d 1", "add 2", "0.pool MaxPool2d 1"],
    ...["0.pool MaxPool2d 1", "1 Flatten 1", "2 Linear 1", "output 1"],
  ]);
  const svg = plotGraph(model, x).toString();
  assertEquals(svg.match(/<rect/g)!.length, 1 + 9);
  assertStringIncludes(svg, ">[2, 1, 2, 2]</text>");
  assert(blocksOf(model, traceGraph(model, [x]), "calls").length > 9);
  const words = new Sequential(new Embedding(3, 2), new ReLU());
  const shown = textsOf(plotGraph(words, tensor([0, 1], { dtype: "int64" }), { title: "Words" }));
  assertEquals(shown.filter((text) => !text.startsWith("[")), ["Words", "0 Embedding", "1 ReLU", "output"]);
});
