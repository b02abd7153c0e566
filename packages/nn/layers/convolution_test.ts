import { assertEquals, assertThrows } from "@std/assert";
import { arange, ones, randn, tensor } from "@troodon/core";
import { CircularPad1d, Conv1d, Conv2d, ConvTranspose2d, init, Upsample, ZeroPad2d } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("Conv1d() reads its margins as paddingMode says", () => {
  useReference();
  const x = arange(1, 5, 1, { dtype: "float32" }).reshape([1, 1, 4]);
  const sums = (paddingMode: "zeros" | "reflect" | "replicate" | "circular") => {
    const layer = new Conv1d(1, 1, 3, { padding: 1, paddingMode, bias: false });
    init.ones_(layer.weight);
    return layer.forward(x).flatten().tolist();
  };
  assertEquals(sums("zeros"), [3, 6, 9, 7]);
  assertEquals(sums("reflect"), [5, 6, 9, 10]);
  assertEquals(sums("replicate"), [4, 6, 9, 11]);
  assertEquals(sums("circular"), [7, 6, 9, 8]);
});

Deno.test("ConvTranspose2d() undoes the shape of Conv2d()", () => {
  useReference();
  const options = { stride: 2, padding: 1 };
  const small = new Conv2d(2, 3, 4, options).forward(randn([1, 2, 8, 10]));
  assertEquals(new ConvTranspose2d(3, 2, 4, options).forward(small).shape, [1, 2, 8, 10]);
});

Deno.test("Convolutions refuse what does not fit", () => {
  useReference();
  assertThrows(() => new ConvTranspose2d(3, 4, 2, { groups: 2 }), RangeError, "ConvTranspose2d as groups");
  assertThrows(() => new Conv1d(1, 1, 3, { padding: "same", stride: 2 }), RangeError, "stride of 1");
  assertThrows(() => new Conv2d(1, 1, 3).forward(ones([1, 2, 5, 5])), RangeError, "[1, 2, 5, 5]");
});

Deno.test("margins and resampling", () => {
  useReference();
  const x = tensor([[1, 2, 3]]);
  assertEquals(new CircularPad1d([1, 2]).forward(x).tolist(), [[3, 1, 2, 3, 1, 2]]);
  assertEquals(new ZeroPad2d([0, 1, 1, 0]).forward(x).tolist(), [[0, 0, 0, 0], [1, 2, 3, 0]]);
  assertEquals(new Upsample({ scaleFactor: 2 }).forward(x.unsqueeze(0)).tolist(), [[[1, 1, 2, 2, 3, 3]]]);
});
