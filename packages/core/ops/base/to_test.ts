import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Device,
  type DType,
  ones,
  ReferenceBackend,
  Scope,
  type Tensor,
  tensor,
  toAsync,
} from "../../mod.ts";
import { nameDevice } from "../../kernel.ts";

const make = () => new Device(new ReferenceBackend());

/** A device that cannot wait for what it calculates, as a GPU in a browser. */
function makeUnwaiting(): Device {
  const backend = new ReferenceBackend();
  const read = backend.readSync.bind(backend);
  backend.read = (buffer, range) => Promise.resolve().then(() => read(buffer, range));
  Object.defineProperty(backend, "readSync", { value: undefined });
  return new Device(backend);
}

/** A device that holds float32 and int32 alone. */
function makeNarrow(): Device {
  const backend = new ReferenceBackend();
  Object.defineProperty(backend, "limits", { value: { ...backend.limits, dtypes: ["float32", "int32"] } });
  return new Device(backend);
}

Deno.test("to() gives the tensor itself where nothing is to be done, and a copy if asked", () => {
  const device = make(), x = tensor([1, 2], { device });
  for (
    const y of [
      x.to("float32"),
      x.to(device),
      x.to(x),
      x.to("reference"),
      x.to({}),
      x.to({ device, dtype: x.dtype }),
    ]
  ) {
    assertStrictEquals(y, x);
  }
  for (const copy of [x.to({ copy: true }), x.to(device, { copy: true }), x.to("float32", { copy: true })]) {
    x.fill_(7);
    assert(copy !== x && copy.tolist()?.toString() !== "7,7");
    x.copy_(copy);
  }
});

Deno.test("to() takes a device and a dtype in all of PyTorch's forms", () => {
  const [here, there] = [make(), make()];
  const x = tensor([[1.5, -2], [3, 4]], { device: here });
  const forms: Tensor[] = [
    x.to(there, "int32"),
    x.to(there, { dtype: "int32" }),
    x.to("int32", { device: there }),
    x.to({ device: there, dtype: "int32" }),
    x.to(tensor([0], { device: there, dtype: "int32" })),
  ];
  for (const y of forms) {
    assertEquals([y.device === there, y.dtype, y.tolist()], [true, "int32", [[1, -2], [3, 4]]]);
  }
});

Deno.test("to() moves every dtype and every layout, bit for bit", () => {
  const [here, there] = [make(), make()];
  const dtypes: DType[] = ["float64", "float32", "float16", "bfloat16", "int32", "uint8", "bool"];
  for (const dtype of dtypes) {
    const x = tensor([[1.1, 0, 2.7], [3.3, 4, 250]], { device: here }).to(dtype);
    for (
      const view of [
        x,
        x.t(),
        x.select(0, 1),
        x.select(1, 2),
        x.narrow(1, 1, 1),
        x.select(0, 0).expand([2, 3]),
      ]
    ) {
      const y = view.to(there);
      assertEquals([y.dtype, y.shape, y.tolist()], [dtype, view.shape, view.tolist()]);
    }
  }
  assertEquals(tensor([[1, 2], [3, 4]], { device: here }).select(0, 1).to(there).tolist(), [3, 4]);
  assertEquals(tensor([], { device: here }).to(there).shape, [0]);
  assertEquals(tensor(3, { device: here }).to(there).item(), 3);
});

Deno.test("to() converts before the move where the other device does not hold the dtype", async () => {
  const [wide, narrow] = [make(), makeNarrow()];
  const x = tensor([0.1, 2], { device: wide, dtype: "float64" });
  assertThrows(
    () => x.to(narrow),
    TypeError,
    "Cannot make a tensor of float64 as reference holds float32, int32",
  );
  await assertRejects(() => x.toAsync(narrow), TypeError, "Cannot make a tensor of float64");
  const y = x.to(narrow, "float32");
  assertEquals([y.dtype, y.tolist()], ["float32", [Math.fround(0.1), 2]]);
  assertEquals((await x.toAsync(narrow, "int32")).tolist(), [0, 2]);
  assertEquals(y.to(wide, "float64").tolist(), [Math.fround(0.1), 2]);
});

Deno.test("to() and toAsync() leave nothing behind but their result", async () => {
  const [here, there] = [make(), makeNarrow()];
  const x = tensor([[1, 2], [3, 4]], { device: here, dtype: "float64" }), strided = x.t();
  const kept = () => [here.memory.buffers, there.memory.buffers];
  for (const view of [x, strided]) {
    view.to(there, "float32").dispose();
    assertEquals(kept(), [1, 0]);
    (await view.toAsync(there, "float32")).dispose();
    assertEquals(kept(), [1, 0]);
  }
  assertThrows(() => x.to(there));
  assertEquals(kept(), [1, 0]);
  assertEquals([x.isDisposed, strided.tolist()], [false, [[1, 3], [2, 4]]]);
  for (const t of [x, strided]) t.dispose();
  assertEquals(kept(), [0, 0]);
});

Deno.test("to() names toAsync() where the device cannot be read synchronously", async () => {
  const [here, there] = [makeUnwaiting(), make()];
  const x = tensor([[1, 2], [3, 4]], { device: here });
  assertThrows(() => x.to(there), TypeError, "it cannot: use `await x.toAsync(device)`");
  assertEquals((await x.t().toAsync(there)).tolist(), [[1, 3], [2, 4]]);
  assertEquals(tensor([5], { device: there }).to(here).shape, [1]);
  assertEquals((await toAsync(x, "int32")).dtype, "int32");
});

Deno.test("toAsync() reads what the tensor was when it was called, whatever becomes of it", async () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here });
  const pending = x.toAsync(there);
  x.dispose();
  assertEquals((await pending).tolist(), [1, 2]);
  assertEquals(here.memory.buffers, 0);
});

Deno.test("toAsync() gives its result to the scope in force", async () => {
  const [here, there] = [make(), make()];
  {
    using _ = new Scope();
    await tensor([1, 2], { device: here }).t().toAsync(there);
    assertEquals(there.memory.buffers, 1);
  }
  assertEquals([here.memory.buffers, there.memory.buffers], [0, 0]);
});

Deno.test("to() knows devices by name, and says which there are", () => {
  const [here, there] = [make(), make()], x = tensor([1], { device: here });
  nameDevice("elsewhere", there);
  assertStrictEquals(x.to({ device: "elsewhere" }).device, there);
  let made = 0;
  nameDevice("later", () => {
    made++;
    return make();
  });
  assertEquals(made, 0);
  assertStrictEquals(x.to({ device: "later" }).device, x.to({ device: "later" }).device);
  assertEquals(made, 1);
  const wrong = (name: string) => x.to({ device: name });
  assertThrows(() => wrong("cuda"), TypeError, 'GPUs are reached by "webgpu" here');
  assertThrows(() => wrong("webgpu"), TypeError, "current names are reference, elsewhere, later; open it by");
});

Deno.test("to() names a wrong target", () => {
  const x = tensor([1], { device: make() });
  const wrong = (...args: unknown[]) => () => (x.to as (...args: unknown[]) => Tensor)(...args);
  assertThrows(wrong("flaot32"), TypeError, "current target is flaot32");
  assertThrows(wrong("cuda:0"), TypeError, 'the device "cuda:0"');
  assertThrows(wrong(3), TypeError, "current target is 3");
  assertThrows(wrong(null), TypeError, "current target is null");
  assertThrows(wrong({ dytpe: "int32" }), TypeError, "did you mean dtype?");
  assertThrows(wrong({ dtype: "float" }), TypeError, "current target is float");
});

Deno.test("half(), bfloat16(), type() and typeAs() convert", () => {
  const x = tensor([1.5], { device: make() });
  assertEquals(
    [x.half(), x.bfloat16(), x.type("float64"), x.typeAs(tensor([1], { device: x.device, dtype: "int32" }))]
      .map((y) => [
        y.dtype,
        y.item(),
      ]),
    [["float16", 1.5], ["bfloat16", 1.5], ["float64", 1.5], ["int32", 1]],
  );
});

Deno.test("cpu() is the device of that name", () => {
  const x = tensor([1], { device: make() }), cpu = make();
  nameDevice("cpu", cpu);
  assertStrictEquals(x.cpu().device, cpu);
});

Deno.test("copy_() takes a source of another device", () => {
  const [here, there] = [make(), make()];
  const x = tensor([[0, 0], [0, 0]], { device: here });
  const source = tensor([1.5, 2.5], { device: there, dtype: "float64" });
  assertStrictEquals(x.copy_(source), x);
  assertEquals([x.tolist(), here.memory.buffers], [[[1.5, 2.5], [1.5, 2.5]], 1]);
});

Deno.test("copy_() takes a number", () => {
  const x = tensor([1, 2], { device: make() });
  assertStrictEquals(x.copy_(3), x);
  assertEquals(x.tolist(), [3, 3]);
});

Deno.test("copy_() and forms in place that are made of several ops refuse what does not fit the tensor", () => {
  const device = make(), shaped = (...shape: number[]) => ones(shape, { device });
  const calls: readonly (() => Tensor)[] = [
    () => shaped(1).copy_(shaped(3)),
    () => shaped(3).copy_(shaped(1, 3)),
    () => shaped().copy_(shaped(1)),
    () => shaped(1).addmv_(shaped(3, 2), shaped(2)),
    () => shaped(1, 1).addmm_(shaped(3, 2), shaped(2, 2)),
    () => shaped(1, 1).addr_(shaped(3), shaped(2)),
    () => shaped(1, 1, 1).baddbmm_(shaped(2, 3, 2), shaped(2, 2, 2)),
    () => shaped(1, 1).addbmm_(shaped(2, 3, 2), shaped(2, 2, 2)),
  ];
  for (const [i, call] of calls.entries()) {
    const why = i < 3
      ? "copy_() as the source must broadcast to the shape of the tensor"
      : "in place as the result must have the shape of the tensor";
    assertThrows(call, RangeError, why);
  }
  assertEquals(shaped(2, 3).copy_(shaped(3).mul(2)).tolist(), [[2, 2, 2], [2, 2, 2]]);
});
