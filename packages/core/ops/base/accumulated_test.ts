import { assertEquals, assertThrows } from "@std/assert";
import {
  avgPool2d,
  Device,
  einsum,
  layerNorm,
  lstmCell,
  mseLoss,
  multiHeadAttention,
  ReferenceBackend,
  type Tensor,
  tensor,
  zeros,
} from "../../mod.ts";
import { accumulated } from "../../kernel.ts";

const device = new Device(new ReferenceBackend());
const half = (values: number[]): Tensor => tensor(values, { device, dtype: "float16" });

Deno.test("accumulated() calculates with 16 bits in float32, and rounds once", () => {
  const x = half([300, 400]);
  assertEquals(x.square().sum().sqrt().item(), Infinity);
  const length = accumulated([x], (x) => {
    assertEquals(x.dtype, "float32");
    return x.square().sum().sqrt();
  });
  assertEquals([length.dtype, length.item()], ["float16", 500]);
});

Deno.test("accumulated() leaves other types as they are, and gives the type that tensors meet in", () => {
  const x = half([1, 2]), wide = tensor([3, 4], { device }), brain = x.to("bfloat16");
  const whole = tensor([1, 2], { device, dtype: "int32" });
  const sum = (...parts: Tensor[]) => parts.reduce((a, b) => a.add(b));
  assertEquals(accumulated([x, wide], sum).dtype, "float32");
  assertEquals(accumulated([x, brain], sum).dtype, "float32");
  assertEquals(accumulated([x, whole], sum).dtype, "float16");
  assertEquals(accumulated([brain, whole], sum).dtype, "bfloat16");
  accumulated([x, whole, null, 3], (x, whole, nothing, number) => {
    assertEquals([x.dtype, whole.dtype, nothing, number], ["float32", "int32", null, 3]);
    return x;
  });
  assertEquals(accumulated([wide], (x) => x), wide);
});

Deno.test("accumulated() looks into arrays and records, and gives the same tensor for the same", () => {
  const x = half([1, 2]), list = [x, { x, none: null }] as const;
  const [sum, none] = accumulated([x, list], (own, [first, { x, none }]) => {
    assertEquals([first === own, x === own, x.dtype], [true, true, "float32"]);
    return [own.add(x), none];
  });
  assertEquals([sum.dtype, none], ["float16", null]);
});

Deno.test("accumulated() frees what is converted", () => {
  const x = half([1, 2]), before = device.memory.buffers;
  const y = accumulated([x], (x) => x.mul(2).add(1));
  assertEquals(device.memory.buffers, before + 1);
  y.dispose();
});

Deno.test("ops of several steps keep 16 bits from overflowing", () => {
  const x = half([300, -300, 200, 100]).reshape([1, 4]);
  assertEquals(
    layerNorm(x, [4]).tolist(),
    [[0.98779296875, -1.646484375, 0.548828125, 0.1097412109375]],
  );
  const plane = half([60000, 60000, 60000, 60000]).reshape([1, 1, 2, 2]);
  assertEquals(avgPool2d(plane, 2).item(), 60000);
});

Deno.test("mseLoss() in float16 is infinite where the loss of an element is, as PyTorch has it", () => {
  assertEquals(mseLoss(half([300, 0]), half([0, 0])).item(), Infinity);
  assertEquals(mseLoss(half([255, 255]), half([0, 0]), { reduction: "sum" }).item(), Infinity);
  assertEquals(mseLoss(half([255, 255]), half([0, 0])).item(), Math.f16round(255 ** 2));
});

Deno.test("products of 16 bits and others are refused as ever", () => {
  const x = half([1, 2, 3, 4]).reshape([2, 2]), wide = zeros([2, 2], { device });
  assertThrows(() => einsum("ij,jk", x, wide), TypeError, "einsum()");
  const weights = { weightIh: wide, weightHh: wide };
  assertThrows(
    () => lstmCell(x, null, { weightIh: zeros([8, 2], { device }), weightHh: zeros([8, 2], { device }) }),
    TypeError,
  );
  assertThrows(
    () =>
      multiHeadAttention(x, x, x, 1, {
        inProjWeight: zeros([6, 2], { device }),
        outProjWeight: weights.weightHh,
      }),
    TypeError,
    "multiHeadAttention()",
  );
});
