import { assertEquals, assertThrows } from "@std/assert";
import type { MapCall } from "../backend/kernel_call.ts";
import { type Body, body } from "../expr/body.ts";
import * as e from "../expr/expr.ts";
import { philox } from "../random/philox.ts";
import type { ReferenceView } from "./buffer.ts";
import { backend, emptyView, valuesOf, viewOf } from "./support_test.ts";

function map(
  call: Partial<MapCall> & { body: Body },
  inputs: ReferenceView[],
  output: ReferenceView,
): number[] {
  backend.launch(
    { kernel: "map", compute: "float32", scalars: [], shape: output.shape, ...call },
    inputs,
    [output],
  );
  return valuesOf(output);
}

const SUM = body(e.add(e.input(0), e.input(1)));

Deno.test("map() reads strided inputs and writes any view", () => {
  const row = viewOf("float32", [1, 2, 3], [2, 3], { strides: [0, 1] });
  const column = viewOf("float32", [10, 20], [2, 3], { strides: [-1, 0], offset: 1 });
  assertEquals(map({ body: SUM }, [row, column], emptyView("float32", [2, 3])), [21, 22, 23, 11, 12, 13]);
  const output = viewOf("float32", [0, 0, 0, 0, 0], [2], { strides: [-2], offset: 4 });
  map({ body: SUM }, [viewOf("float32", [1, 2]), viewOf("float32", [3, 4])], output);
  assertEquals(valuesOf({ ...output, shape: [5], strides: [1], offset: 0 }), [0, 0, 6, 0, 4]);
});

Deno.test("map() may write over an input", () => {
  const x = viewOf("float32", [1, 2, 3]);
  assertEquals(map({ body: SUM }, [x, x], x), [2, 4, 6]);
});

Deno.test("map() writes several outputs", () => {
  const outputs = [emptyView("float32", [2]), emptyView("int32", [2])];
  backend.launch(
    {
      kernel: "map",
      body: body(e.mul(e.input(0), e.scalar(0)), e.coordinate(0)),
      compute: "float32",
      scalars: [3],
      shape: [2],
    },
    [viewOf("float32", [1, 2])],
    outputs,
  );
  assertEquals(outputs.map(valuesOf), [[3, 6], [0, 1]]);
});

Deno.test("map() calculates in the type asked for", () => {
  const big = viewOf("int32", [2 ** 31 - 1]), one = viewOf("bool", [1]);
  assertEquals(map({ body: SUM, compute: "int32" }, [big, one], emptyView("int32", [1])), [-(2 ** 31)]);
  assertEquals(map({ body: SUM, compute: "float64" }, [big, one], emptyView("float64", [1])), [2 ** 31]);
});

Deno.test("map() draws block offset + i for element i", () => {
  const words = new Uint32Array(4);
  philox([1, 3, 0, 0], [7, 8], words);
  const random = { seed: [7, 8], offset: [2 ** 32 - 1, 2] } as const;
  const values = map({ body: body(e.random(2)), random }, [], emptyView("float32", [3]));
  assertEquals(values[2], (words[2]! >>> 8) * 2 ** -24);
});

Deno.test("map() takes scalars and empties", () => {
  const half = body(e.mul(e.input(0), 0.5));
  assertEquals(map({ body: half }, [viewOf("float32", [3], [])], emptyView("float32", [])), [1.5]);
  assertEquals(map({ body: half }, [viewOf("float32", [], [0, 2])], emptyView("float32", [0, 2])), []);
});

Deno.test("ReferenceBackend.launch() refuses fused kernels", () => {
  assertEquals(backend.supports({ kernel: "softmax" }), false);
  assertThrows(() => backend.launch({ kernel: "softmax" }, [], []), TypeError, "Cannot launch softmax()");
});

Deno.test("ReferenceBackend.read() gives copies of ranges", async () => {
  const buffer = backend.allocate(3);
  assertEquals(buffer.bytes.length, 8);
  backend.write(buffer, new Uint8Array([1, 2, 3]));
  backend.write(buffer, new Uint8Array([9]), 1);
  const copy = await backend.read(buffer, { start: 1, end: 3 });
  copy[0] = 0;
  assertEquals([...backend.readSync(buffer, { start: 0, end: 3 })], [1, 9, 3]);
});
