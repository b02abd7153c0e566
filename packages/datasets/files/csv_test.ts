import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/core";
import { collate } from "../collate.ts";
import { parseCsv } from "./csv.ts";
import { CsvDataset } from "../sets/csv_dataset.ts";
import { DataLoader } from "../loader/data_loader.ts";

Deno.test("parseCsv() reads what RFC 4180 allows", () => {
  assertEquals(parseCsv("a,b,c\r\n1,2,3\r\n"), [["a", "b", "c"], ["1", "2", "3"]]);
  assertEquals(parseCsv("a\n\nb"), [["a"], ["b"]]);
  assertEquals(parseCsv('"a,""b""\r\nc",d\n'), [['a,"b"\r\nc', "d"]]);
  assertEquals(parseCsv("\ufeffx,\n,y"), [["x", ""], ["", "y"]]);
  assertEquals(parseCsv("1,"), [["1", ""]]);
  assertEquals(parseCsv('""\n\n""'), [[""], [""]]);
  assertEquals(parseCsv('"",""'), [["", ""]]);
  assertEquals(parseCsv("a\tb c", { separator: "\t" }), [["a", "b c"]]);
  assertEquals(parseCsv(""), []);
});

Deno.test("parseCsv() names the line that is wrong", () => {
  assertThrows(
    () => parseCsv('a\n"b', { name: "x.csv" }),
    TypeError,
    "x.csv: the quote in line 2 is not closed",
  );
  assertThrows(() => parseCsv('"a\nb"c'), TypeError, "follows a quoted field in line 2");
  assertThrows(() => parseCsv('ok\na"b'), TypeError, "a quote stands within a field in line 2");
  assertThrows(() => parseCsv("", { separator: ";;" }), RangeError, 'current separator is ";;"');
});

const IRIS = "length,width,color,kind\n5.1,3.5,red,setosa\n7,3.2,blue,versicolor\n6.3,3.3,red,virginica\n";

Deno.test("CsvDataset numbers texts and classes", () => {
  const dataset = CsvDataset.parse(IRIS);
  assertEquals(dataset.columns, ["length", "width", "color"]);
  assertEquals(dataset.categories, { color: ["blue", "red"] });
  assertEquals(dataset.classes, ["setosa", "versicolor", "virginica"]);
  assertEquals([...dataset.get(2).features.data], [6.3, 3.3, 1].map(Math.fround));
  assertEquals(dataset.get(2).target, 2);
  assertThrows(() => dataset.get(3), RangeError, "current index is 3");
});

Deno.test("CsvDataset chooses columns, and tells classes from numbers", () => {
  const lengths = CsvDataset.parse(IRIS, { target: "length", features: ["width"] });
  assertEquals([lengths.classes, lengths.targets.shape, lengths.targets.dtype], [null, [3, 1], "float32"]);
  const years = "a,2001\nb,1999\nc,2001\n";
  const classes = CsvDataset.parse(years, { header: false });
  assertEquals(classes.classes, ["1999", "2001"]);
  assertEquals([...classes.targets.data], [1, 0, 1]);
  const numbers = CsvDataset.parse(years, { header: false, target: 1, kind: "number" });
  assertEquals([...numbers.targets.data], [2001, 1999, 2001]);
  assertThrows(
    () => CsvDataset.parse(IRIS, { kind: "number" }),
    TypeError,
    '"setosa" in the column "kind", which must have numbers',
  );
  assertThrows(
    () => CsvDataset.parse(IRIS, { target: "size" }),
    RangeError,
    'the column "size" but has length',
  );
});

Deno.test("CsvDataset leaves rows with empty fields out, fills or refuses them", () => {
  const text = "a,b,y\n1,,0\n2,3,1\n4,5,\n";
  assertThrows(() => CsvDataset.parse(text), TypeError, 'row 1 has nothing in the column "b"');
  const skipping = CsvDataset.parse(text, { missing: "skip" });
  assertEquals([skipping.length, skipping.skipped, skipping.get(0).features.data[0]], [1, 2, 2]);
  assertThrows(
    () => CsvDataset.parse(text, { missing: 0 }),
    TypeError,
    'row 3 has nothing in the column "y"',
  );
  const filled = CsvDataset.parse(text.replace("4,5,\n", ""), { missing: -1 });
  assertEquals([...filled.get(0).features.data], [1, -1]);
});

Deno.test("CsvDataset says what is wrong with a table", async () => {
  assertThrows(
    () => CsvDataset.parse("a,b\n1\n", {}, "x.csv"),
    TypeError,
    "x.csv: all rows must have 2 fields but row 1",
  );
  assertThrows(() => CsvDataset.parse("a,b\n"), TypeError, "it has no rows");
  await assertRejects(() => CsvDataset.open("/nowhere.csv"), Deno.errors.NotFound);
});

Deno.test("CsvDataset gives batches as its samples are", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, IRIS);
    const device = new Device(new ReferenceBackend());
    for (const options of [{}, { target: "length" }]) {
      const dataset = await CsvDataset.open(path, options);
      assertEquals<unknown>(dataset.getBatch([2, 0]), collate([dataset.get(2), dataset.get(0)]));
      for await (using batch of new DataLoader(dataset, { batchSize: 3, device })) {
        assertEquals(batch.features.shape, [3, 3]);
      }
    }
  } finally {
    await Deno.remove(path);
  }
});
