import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Device, ones, ReferenceBackend } from "@troodon/core";
import { encodeOnnx, loadOnnx, type OnnxTensor } from "../mod.ts";
import { floats, model, node } from "../testdata/graph.ts";

const device = new Device(new ReferenceBackend());

/** A model that multiplies by numbers in another file. */
function withEntries(
  entries: Readonly<Record<string, string>>,
  dims: readonly number[] = [2],
): Uint8Array<ArrayBuffer> {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  const { floatData: _, ...rest } = floats("w", dims, []);
  const w: OnnxTensor = { ...rest, externalData, dataLocation: 1 };
  return encodeOnnx(model([node("Mul", ["x", "w"], ["y"])], [w]));
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("loadOnnx() reads elements from a file beside the model", () =>
  inFolder(async (folder) => {
    const file = join(folder, "net.onnx");
    await Deno.writeFile(join(folder, "w.bin"), new Uint8Array(Float32Array.of(9, 2, 3).buffer));
    await Deno.writeFile(file, withEntries({ location: "w.bin", offset: "4", length: "8" }));
    for (const place of [file, new URL(`file://${file}`)]) {
      const net = await loadOnnx(place, { device });
      assertEquals(net(ones([2], { device })).tolist(), [2, 3]);
    }
    await Deno.mkdir(join(folder, "weights"));
    await Deno.writeFile(join(folder, "weights", "w.bin"), new Uint8Array(Float32Array.of(4, 5).buffer));
    await Deno.writeFile(file, withEntries({ location: "weights/w.bin" }));
    assertEquals((await loadOnnx(file, { device }))(ones([2], { device })).tolist(), [4, 5]);
  }));

Deno.test("loadOnnx() reads no file of another folder", () =>
  inFolder(async (folder) => {
    const inner = join(folder, "inner"), file = join(inner, "net.onnx");
    await Deno.mkdir(inner);
    await Deno.writeFile(join(folder, "w.bin"), new Uint8Array(8));
    await Deno.symlink(join(folder, "w.bin"), join(inner, "link.bin"));
    await Deno.symlink(folder, join(inner, "up"));
    const names = [
      "../w.bin",
      join(folder, "w.bin"),
      "a/../../w.bin",
      "C:w.bin",
      "..\\w.bin",
      "",
      "./w.bin",
      "a//b",
    ];
    for (const location of names) {
      await Deno.writeFile(file, withEntries({ location }));
      await assertRejects(
        () => loadOnnx(file, { device }),
        TypeError,
        "must be in a file of the same folder",
      );
    }
    for (const location of ["link.bin", "up/w.bin"]) {
      await Deno.writeFile(file, withEntries({ location }));
      await assertRejects(() => loadOnnx(file, { device }), TypeError, "its file must be no link");
    }
    await assertRejects(
      () => loadOnnx(withEntries({ location: "w.bin" }), { device }),
      TypeError,
      "it has no folder",
    );
  }));

Deno.test("loadOnnx() refuses places in other files that do not fit the tensor", () =>
  inFolder(async (folder) => {
    const file = join(folder, "net.onnx");
    await Deno.writeFile(join(folder, "w.bin"), new Uint8Array(8));
    const refused = async (
      entries: Readonly<Record<string, string>>,
      message: string,
      dims = [2],
    ): Promise<void> => {
      await Deno.writeFile(file, withEntries({ location: "w.bin", ...entries }, dims));
      await assertRejects(() => loadOnnx(file, { device }), RangeError, message);
    };
    await refused({ offset: "4" }, "w.bin must have 12 bytes: current size is 8");
    await refused({ length: "4" }, "takes 8 bytes of w.bin");
    await refused({ offset: "-4" }, "takes 8 bytes of w.bin");
    await refused({ offset: "x" }, "takes 8 bytes of w.bin");
    await refused({}, "must have 4000000000000 bytes", [1e6, 1e6]);
    await refused({}, "product exact", [1e9, 1e9, 1e9]);
  }));
