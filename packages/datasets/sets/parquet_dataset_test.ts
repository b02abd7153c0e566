import { assertEquals, assertRejects } from "@std/assert";
import { ParquetDataset, type ParquetDatasetOptions } from "./parquet_dataset.ts";

// Written by pyarrow 22, in two groups of rows and pages of the second version where they are compressed by gzip.
const open = (packing: string, options: ParquetDatasetOptions = {}) => {
  const url = new URL(`../testdata/tables/iris_${packing}.parquet`, import.meta.url);
  return ParquetDataset.open(url.pathname, options);
};

Deno.test("ParquetDataset reads numbers, booleans, texts and nulls, however they are packed", async () => {
  for (const packing of ["plain", "snappy", "gzip"]) {
    const features = ["length", "width", "wet", "color"];
    const dataset = await open(packing, { features, missing: NaN });
    assertEquals(dataset.columns, features);
    assertEquals(dataset.categories, { color: ["blue", "red"] });
    assertEquals(dataset.classes, ["setosa", "versicolor", "virginica"]);
    assertEquals([...dataset.targets.data], [0, 1, 0, 2]);
    assertEquals(
      [...dataset.features.data],
      [5.1, 3, 1, 1, 7, NaN, 0, 0, 6.3, 2, NaN, NaN, 4.9, 1, 1, 1].map(Math.fround),
    );
    assertEquals(dataset.summary.columns.map(({ missing }) => missing), [0, 1, 1, 1, 0]);
  }
});

Deno.test("ParquetDataset keeps labels of 64 bits exact", async () => {
  const dataset = await open("snappy", { features: ["length"], target: "id" });
  assertEquals(dataset.classes, ["3", "4", "1152921504606846977", "1152921504606846978"]);
  assertEquals([...dataset.targets.data], [2, 3, 0, 1]);
});

Deno.test("ParquetDataset takes columns by number, and categories of another table", async () => {
  const dataset = await open("plain", {
    features: [4],
    missing: "skip",
    categories: { color: ["red", "green", "blue"] },
  });
  assertEquals([dataset.skipped, [...dataset.features.data]], [1, [0, 2, 0]]);
  await assertRejects(
    () => open("plain", { features: ["color"], missing: NaN, categories: { color: ["red"] } }),
    RangeError,
    'row 2 has "blue" in the column "color", which is none of ["red"]',
  );
});

Deno.test("ParquetDataset says which column, compression or byte it cannot read", async () => {
  await assertRejects(() => open("plain"), TypeError, 'row 1 of the column "when" of');
  await assertRejects(() => open("zstd"), TypeError, "unsupported compression codec: ZSTD");
  await assertRejects(
    () => open("plain", { features: ["color"] }),
    TypeError,
    'row 3 has nothing in the column "color"',
  );
  await assertRejects(
    () => open("plain", { target: "size" }),
    RangeError,
    'the column "size" but has length',
  );
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "length,width\n1,2\n");
    await assertRejects(() => ParquetDataset.open(path), TypeError, `Cannot read ${path}: `);
  } finally {
    await Deno.remove(path);
  }
});
