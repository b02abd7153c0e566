import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Backend, Device, rand, ReferenceBackend, tensor } from "@troodon/core";
import { decodePng, Image } from "@troodon/datasets";
import { Linear, ReLU, Sequential } from "@troodon/nn";
import { Plot, plotConfusion, SummaryWriter } from "../mod.ts";
import { setUp } from "../testdata/line.ts";
import { crc32c } from "./crc32c.ts";
import { histogramOf } from "./histogram.ts";
import { fieldsOf, part, recordsIn, textOf } from "./testdata/read_events.ts";

/** Events that `write` adds to a new file, after the first one. */
async function written(write: (writer: SummaryWriter) => void | Promise<void>): Promise<Uint8Array[]> {
  const folder = await Deno.makeTempDir();
  try {
    await using writer = new SummaryWriter(folder);
    await write(writer);
    await writer.flush();
    return recordsIn(await Deno.readFile(writer.path)).slice(1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("crc32c() is that of RFC 3720", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
});

Deno.test("SummaryWriter writes byte by byte what PyTorch's does", async () => {
  const expected = recordsIn(await Deno.readFile(new URL("./testdata/events.bin", import.meta.url)));
  const folder = await Deno.makeTempDir();
  const writer = new SummaryWriter(folder, { purgeStep: 3 });
  writer.addScalar("loss/train", 0.1, 1, { wallTime: 100.5 });
  writer.addScalar("loss/train", NaN, 2, { wallTime: 101 });
  writer.addScalar("loss/train", -Infinity, 2 ** 40, { wallTime: 102 });
  writer.addHistogram("weights", [-2.5, -1e-13, 1e-13, 0.75, 0.75, 1.5, 3e19], 4, { wallTime: 103 });
  writer.addText("notes", "A *falling* loss: α", 5, { wallTime: 104 });
  const curve = { wallTime: 105, thresholds: 5 };
  writer.addPrCurve("curve", [0, 1, 1, 0, 1], [0.125, 0.875, 0.25, 0.625, 1], 6, curve);
  await writer.close();
  const found = recordsIn(await Deno.readFile(writer.path));
  await Deno.remove(folder, { recursive: true });
  // PyTorch begins with two events of the version, the first of which names the program that wrote it.
  assertEquals(found.slice(2), expected.slice(3));
  // The event before has the time at which it was written, in nine bytes.
  assertEquals(found[1]!.subarray(9), expected[2]!.subarray(9));
  assertEquals(fieldsOf(found[0]!).get(3), fieldsOf(expected[0]!).get(3));
});

Deno.test("SummaryWriter makes files of its own for several writers of a folder, and one for each curve", async () => {
  const folder = await Deno.makeTempDir(), nested = `${folder}/a/b`;
  const writers = [1, 2, 3].map(() => new SummaryWriter(nested));
  for (const writer of writers) writer.addScalar("x", 1);
  assertEquals(new Set(writers.map(({ path }) => path)).size, 3);
  using first = writers[0]!;
  first.addScalars("loss/all", { train: 1, "../test": 2 }, 5);
  const names = [...Deno.readDirSync(nested)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
    name
  );
  assertEquals(names.sort(), ["loss_all_.._test", "loss_all_train"]);
  for (const writer of writers) await writer.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("SummaryWriter.addImage() writes PNG of tensors in each order of axes, and of images", async () => {
  const device = new Device(new ReferenceBackend());
  const x = rand([3, 4, 5], { device });
  const events = await written((writer) => {
    writer.addImage("a", x);
    writer.addImage("b", x.permute([1, 2, 0]), 1, { dataformats: "HWC" });
    writer.addImage("c", tensor([[0, 255], [7, 300]], { device, dtype: "int32" }), 1, { dataformats: "HW" });
    writer.addImage("d", tensor([[[0, 9]]], { device, dtype: "uint8" }), 1);
    writer.addImage("e", new Image(1, 1, 4, new Uint8Array([1, 2, 3, 4])), 1);
    writer.addImages(
      "f",
      tensor([0, 1], { device }).reshape([2, 1, 1, 1]).expand([9, 1, 1, 1].map((n, i) => i === 0 ? 2 : n)),
    );
  });
  const images = events.map((event) => decodePng(part(event, 5, 1, 4, 4), "an image"));
  const bytes = x.tolist() as number[][][];
  const expected = [0, 1, 2, 3].flatMap((y) =>
    [0, 1, 2, 3, 4].flatMap((z) => [0, 1, 2].map((c) => Math.floor(bytes[c]![y]![z]! * 255)))
  );
  assertEquals([...images[0]!.data], expected);
  assertEquals(images[1]!.data, images[0]!.data);
  assertEquals([...images[2]!.data], [0, 255, 255, 255]);
  assertEquals([...images[3]!.data], [0, 9]);
  assertEquals([...images[4]!.data], [1, 2, 3, 4]);
  assertEquals([images[5]!.width, ...images[5]!.data], [2, 0, 255]);
  assertEquals([...fieldsOf(part(events[0]!, 5, 1, 4)).keys()].slice(0, 3), [1, 2, 3]);
});

Deno.test("SummaryWriter.addFigure() writes plots and pictures as images of their size", async () => {
  const plot = new Plot({ width: 100, height: 50 }).add([[0, 1], [1, 2]]);
  const events = await written((writer) => {
    writer.addFigure("plot", plot, 1);
    writer.addFigure("matrix", plotConfusion([[1]]), 2);
  });
  const fields = fieldsOf(part(events[0]!, 5, 1, 4));
  assertEquals([fields.get(1), fields.get(2), fields.get(3)], [[100], [200], [3]]);
  assertEquals(fieldsOf(events[1]!).get(2), [2]);
});

Deno.test("SummaryWriter.addHparams() writes a session of its own, and its metrics", async () => {
  const folder = await Deno.makeTempDir();
  const writer = new SummaryWriter(folder);
  writer.addHparams({ lr: 0.1, name: "adam", on: false }, { "hparam/accuracy": 0.5 }, {
    runName: "trial",
    domains: { lr: [0.1, 0.2] },
  });
  assertThrows(
    () => writer.addHparams({ lr: 1 }, {}, { domains: { lr: ["1"] } as never }),
    TypeError,
    "lr and its",
  );
  await writer.close();
  const [file] = [...Deno.readDirSync(`${folder}/trial`)];
  const [, experiment, start, end, metric] = recordsIn(await Deno.readFile(`${folder}/trial/${file!.name}`));
  await Deno.remove(folder, { recursive: true });
  const contentOf = (event: Uint8Array) => part(event, 5, 1, 9, 1, 2);
  const infos = fieldsOf(part(contentOf(experiment!), 2));
  const kinds = infos.get(4)!.map((info) => fieldsOf(info as Uint8Array));
  assertEquals(kinds.map((info) => [textOf(info.get(1)![0]!), info.get(4)![0], info.has(5)]), [
    ["lr", 3, true],
    ["name", 1, false],
    ["on", 2, false],
  ]);
  assertEquals(textOf(part(infos.get(5)![0] as Uint8Array, 1, 2)), "hparam/accuracy");
  const values = fieldsOf(part(contentOf(start!), 3)).get(1)!.map((entry) =>
    fieldsOf(part(entry as Uint8Array, 2))
  );
  assertEquals(values.map((value) => [...value.keys()]), [[2], [3], [4]]);
  assertEquals(fieldsOf(part(contentOf(end!), 4)).get(1), [1]);
  assertEquals(textOf(part(metric!, 5, 1, 1)), "hparam/accuracy");
});

Deno.test("SummaryWriter.addGraph() writes nodes with their inputs and shapes", async () => {
  const { x } = setUp(), model = new Sequential(new Linear(1, 2), new ReLU());
  const [event] = await written((writer) => writer.addGraph(model, x));
  const nodes = fieldsOf(part(event!, 4)).get(1)!.map((node) => fieldsOf(node as Uint8Array));
  const shown = nodes.map((node) =>
    [1, 2, 3].map((number) => (node.get(number) ?? []).map(textOf).join(" "))
  );
  assertEquals(shown, [
    ["input", "IO Node", ""],
    ["Sequential/Linear[0]/weight", "Parameter", ""],
    ["Sequential/Linear[0]/bias", "Parameter", ""],
    ["Sequential/Linear[0]/addmm", "addmm", "input Sequential/Linear[0]/weight Sequential/Linear[0]/bias"],
    ["Sequential/ReLU[1]/relu", "relu", "Sequential/Linear[0]/addmm"],
    ["output", "IO Node", "Sequential/ReLU[1]/relu"],
  ]);
  const shape = fieldsOf(part(nodes[3]!.get(5)![0] as Uint8Array, 2, 1, 7)).get(2)!;
  assertEquals(shape.map((extent) => fieldsOf(extent as Uint8Array).get(1)![0]), [10, 2]);
});

/** A device that cannot be waited for. */
function waitingDevice(): Device {
  const backend: Backend = new ReferenceBackend();
  const read: Backend["read"] = (buffer, range) => backend.read(buffer, range);
  return new Device(Object.assign(Object.create(backend), { readSync: undefined, read }));
}

Deno.test("SummaryWriter keeps the order of tensors that must be waited for, and their values", async () => {
  const device = waitingDevice(), x = tensor([1], { device });
  const events = await written((writer) => {
    writer.addScalar("x", x, 1);
    writer.addScalar("x", 2, 2);
    x.fill_(7);
    writer.addScalar("x", x, 3);
  });
  const values = events.map((event) => fieldsOf(part(event, 5, 1)).get(2)![0]);
  assertEquals(values, [1, 2, 7]);
});

Deno.test("SummaryWriter throws in flush() what went wrong as a tensor was read", async () => {
  const device = waitingDevice(), x = tensor([2 ** 40], { device });
  device.backend.read = () => Promise.reject(new RangeError("lost"));
  await assertRejects(() => written((writer) => writer.addScalar("x", x, 1)), RangeError, "lost");
});

Deno.test("SummaryWriter refuses wrong steps and shapes, and everything once it was closed", async () => {
  const folder = await Deno.makeTempDir(), writer = new SummaryWriter(folder);
  const { x } = setUp();
  assertThrows(
    () => writer.addScalar("x", 1, 0.5),
    RangeError,
    "the step must be an integer: current step is 0.5",
  );
  assertThrows(() => writer.addScalar("x", x), RangeError, "one element");
  assertThrows(() => writer.addImage("x", x), RangeError, "axes CHW");
  assertThrows(() => writer.addImage("x", x, 1, { dataformats: "HH" }), TypeError, "letter for each axis");
  assertThrows(() => writer.addHistogram("x", [1], 1, { bins: 0 }), RangeError, "bins must be");
  assertThrows(() => writer.addPrCurve("x", [1], [1, 2]), RangeError, "1 and 2");
  assertThrows(() => writer.addPrCurve("x", [1], [1], 1, { thresholds: 128 }), RangeError, "from 2 to 127");
  writer[Symbol.dispose]();
  assertThrows(() => writer.addScalar("x", 1), TypeError, "was closed");
  await writer.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("histogramOf() counts each finite number once, in bins of equal width or growing ones", () => {
  const values = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) * 10 ** (i % 9 - 4));
  for (const bins of [undefined, 1, 7]) {
    const { counts, limits, num } = histogramOf([...values, NaN, Infinity, 1e30], bins);
    assertEquals([counts.reduce((sum, count) => sum + count), num, counts.length], [501, 501, limits.length]);
    for (const [i, limit] of limits.entries()) {
      const below = [...values, 1e30].filter((value) => value < limit).length;
      if (i < limits.length - 1) {
        assertEquals(counts.slice(0, i + 1).reduce((sum, count) => sum + count), below);
      }
    }
  }
  assertEquals(histogramOf([3, 3], 2).counts, [0, 2]);
  assert(histogramOf([NaN]).counts.every((count) => count === 0));
});
