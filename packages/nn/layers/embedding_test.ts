import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "@troodon/core";
import { Embedding, EmbeddingBag } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("Embedding() and EmbeddingBag() take a table that is there already, and freeze it unless told not to", () => {
  useReference();
  const table = tensor([[0, 1], [10, 11], [20, 21]]), words = tensor([[2, 0]], { dtype: "int32" });
  const frozen = Embedding.fromPretrained(table, { paddingIdx: 0 });
  assertEquals(frozen.forward(words).tolist(), [[[20, 21], [0, 1]]]);
  assertEquals(frozen.weight.requiresGrad, false);
  const bag = EmbeddingBag.fromPretrained(table, { mode: "sum", freeze: false });
  assertEquals(bag.forward(words).tolist(), [[20, 22]]);
  assertEquals(bag.weight.requiresGrad, true);
  table.fill_(1);
  assertEquals(frozen.weight.tolist(), [[1, 1], [1, 1], [1, 1]]);
  assertThrows(() => Embedding.fromPretrained(tensor([1, 2])), RangeError, "current shape is [2]");
});

Deno.test("EmbeddingBag() brings bags together, and is printed as PyTorch prints it", () => {
  useReference();
  const bag = new EmbeddingBag(4, 3, {
    mode: "sum",
    paddingIdx: 1,
    includeLastOffset: true,
    maxNorm: 2,
    dtype: "float64",
  });
  assertEquals(bag.weight.at(1).tolist(), [0, 0, 0]);
  const words = tensor([1, 2, 3], { dtype: "int32" }), offsets = tensor([0, 2, 3], { dtype: "int32" });
  const factors = tensor([5, 2, 1], { dtype: "float64" }), y = bag.forward(words, offsets, factors);
  assertEquals(y.tolist(), [bag.weight.at(2).mul(2).tolist(), bag.weight.at(3).tolist()]);
  assertEquals(String(bag), "EmbeddingBag(4, 3, max_norm=2.0, mode='sum', padding_idx=1)");
});

Deno.test("Embedding() takes every row for padding, from either end", () => {
  useReference();
  for (const Table of [Embedding, EmbeddingBag]) {
    for (const [paddingIdx, row] of [[0, 0], [3, 3], [-1, 3], [-4, 0]] as const) {
      const layer = new Table(4, 2, { paddingIdx });
      assertEquals(
        layer.weight.abs().sum(1).eq(0).tolist(),
        [0, 1, 2, 3].map((i) => i === row),
      );
      assertEquals((layer.describe().at(-1) as { paddingIdx: number }).paddingIdx, row);
      assertEquals(layer.toString().includes(`padding_idx=${row}`), true);
    }
    assertEquals(
      new Table(4, 2, { paddingIdx: 1, maxNorm: 2.5, normType: 1, scaleGradByFreq: true }).toString()
        .includes("max_norm=2.5, norm_type=1.0, scale_grad_by_freq=True"),
      true,
    );
  }
});
