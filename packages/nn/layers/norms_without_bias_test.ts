import { assertEquals } from "@std/assert";
import { randn } from "@troodon/core";
import { BatchNorm1d, GroupNorm, InstanceNorm1d, LayerNorm, type Module } from "../mod.ts";
import { useReference } from "../support_test.ts";

// As PyTorch 2.13 prints them.
const NORMS: readonly (readonly [norm: (bias: boolean) => Module, printed: string])[] = [
  [
    (bias) => new BatchNorm1d(4, { bias }),
    "BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, bias=?, track_running_stats=True)",
  ],
  [
    (bias) => new InstanceNorm1d(4, { affine: true, bias }),
    "InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=True, bias=?, track_running_stats=False)",
  ],
  [(bias) => new GroupNorm(2, 4, { bias }), "GroupNorm(2, 4, eps=1e-05, affine=True, bias=?)"],
  [(bias) => new LayerNorm(5, { bias }), "LayerNorm((5,), eps=1e-05, elementwise_affine=True, bias=?)"],
];

for (const [make, printed] of NORMS) {
  const { name } = (useReference(), make(true).constructor);

  Deno.test(`${name} without a bias has a scale alone, and gives what one with a bias of 0 gives`, () => {
    useReference();
    const [plain, shifted] = [make(false), make(true)];
    assertEquals([...plain.namedParameters()].map(([name]) => name), ["weight"]);
    const x = randn([3, 4, 5]);
    for (const norm of [plain, shifted]) [...norm.parameters()][0]!.data.fill_(1.5);
    assertEquals(plain(x).tolist(), shifted(x).tolist());
    assertEquals([plain.toString(), shifted.toString()], [
      printed.replace("?", "False"),
      printed.replace("?", "True"),
    ]);
    assertEquals(plain.describe().at(-1), { ...shifted.describe().at(-1) as object, bias: false });
  });
}

Deno.test("norms that are not affine have no bias", () => {
  useReference();
  assertEquals([...new BatchNorm1d(4, { affine: false }).parameters()], []);
  assertEquals([...new GroupNorm(2, 4, { affine: false }).parameters()], []);
  assertEquals([...new LayerNorm(5, { elementwiseAffine: false }).parameters()], []);
});
