/** What people see of tensors. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  type Backend,
  Device,
  type GradNode,
  ones,
  ReferenceBackend,
  type Tape,
  tensor,
  zeros,
} from "./mod.ts";

/** A tape that names the node of everything. */
function tape(name: string): Tape {
  const self: Tape = {
    leaf: (): GradNode => ({
      tape: self,
      name,
      nextFunctions: [],
      outputs: [],
      isLeaf: name === "AccumulateGrad",
      isReleased: false,
      hookCount: 0,
    }),
    record() {},
    link() {},
    backward() {},
    hook: () => ({ [Symbol.dispose]() {} }),
    hookAfterAccumulation: () => ({ [Symbol.dispose]() {} }),
    retainGrad() {},
    retainsGrad: () => false,
    visitSaved() {},
  };
  return self;
}

Deno.test("toString() says where gradients go and come from", () => {
  const device = new Device(new ReferenceBackend(), { tape: tape("AccumulateGrad") });
  assertEquals(String(tensor([1, 2.5], { device })), "tensor([1.0000, 2.5000])");
  assertEquals(String(ones([1], { device, requiresGrad: true })), "tensor([1.], requires_grad=True)");
  const result = new Device(new ReferenceBackend(), { tape: tape("MulBackward0") });
  assertEquals(
    String(ones([1], { device: result, requiresGrad: true })),
    "tensor([1.], grad_fn=<MulBackward0>)",
  );
});

Deno.test("toString() reads views in their own order", () => {
  const device = new Device(new ReferenceBackend());
  const x = tensor([[1, 2], [3, 4]], { device, dtype: "int32" });
  assertEquals(String(x.t()), "tensor([[1, 3],\n        [2, 4]])");
  assertEquals(String(x.select(1, 1)), "tensor([2, 4])");
  assertEquals([String(x.at(0, 1)), String(zeros([0], { device }))], ["tensor(2)", "tensor([])"]);
  assertEquals(device.memory.buffers, 2, "x and the empty one");
});

Deno.test("toString() of what cannot be read says so, and where it is", () => {
  const device = new Device(new ReferenceBackend());
  const x = zeros([2, 3], { device });
  x.dispose();
  assertEquals(String(x), "tensor(disposed, size=(2, 3))");
  const backend: Backend = new ReferenceBackend();
  const far = new Device(
    new Proxy(backend, {
      get(target, key) {
        if (key === "readSync") return undefined;
        if (key === "name") return "webgpu";
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
  );
  const y = ones([2], { device: far });
  assertEquals(String(y), "tensor(..., size=(2), device='webgpu')");
  assertThrows(() => y.dataSync(), TypeError, "Cannot read synchronously from webgpu: use await dataAsync()");
  assertThrows(() => ones([1], { device: far }).item(), TypeError, "or await itemAsync() for one number");
});

Deno.test("toString() names other devices than the processor", () => {
  class Elsewhere extends ReferenceBackend {
    override readonly name = "webgpu";
  }
  const device = new Device(new Elsewhere());
  assertEquals(String(ones([1], { device })), "tensor([1.], device='webgpu')");
});

Deno.test("console.log() shows what toString() writes", () => {
  const x = tensor([1, 2], { device: new Device(new ReferenceBackend()) });
  assertEquals(Deno.inspect(x), String(x));
});

Deno.test("dataAsync() resolves to what dataSync() gives, of views too, and keeps nothing", async () => {
  const device = new Device(new ReferenceBackend());
  const x = tensor([[1, 2, 3], [4, 5, 6]], { device }), turned = x.t(), part = x.at({}, { start: 1 });
  const { buffers } = device.memory;
  for (const t of [x, turned, part, x.at(1)]) assertEquals(await t.dataAsync(), t.dataSync());
  assertEquals([...await turned.dataAsync()], [1, 4, 2, 5, 3, 6]);
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("notebooks of Jupyter show what toString() writes, as text and as HTML", () => {
  const device = new Device(new ReferenceBackend());
  const x = ones([2], { device });
  const shown = (Reflect.get(x, Symbol.for("Jupyter.display")) as () => unknown).call(x);
  assertEquals(shown, { "text/plain": "tensor([1., 1.])", "text/html": "<pre>tensor([1., 1.])</pre>" });
  const named = { toString: () => "<AddBackward0>" };
  const method = Reflect.get(device, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  assertEquals(method.call(named)["text/html"], "<pre>&lt;AddBackward0></pre>");
});
