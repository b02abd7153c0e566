import { assertEquals, assertThrows } from "@std/assert";
import {
  type BackendLimits,
  Device,
  fromTypedArray,
  type KernelOp,
  ones,
  ReferenceBackend,
  Scope,
  zeros,
} from "./mod.ts";
import { body, expr } from "./kernel.ts";

class SmallBackend extends ReferenceBackend {
  override readonly limits: BackendLimits = { dtypes: ["float32", "int32", "bool"], bufferBytes: 64 };
}

const device = new Device(new SmallBackend());

/** Nothing is left of what was refused. */
function refuses(make: () => unknown, type: typeof TypeError | typeof RangeError, message: string): void {
  const { buffers } = device.memory;
  {
    using _ = new Scope();
    assertThrows(make, type, message);
    assertEquals(device.memory.buffers, buffers);
  }
}

Deno.test("tensors that are larger than a buffer are refused before memory is taken", () => {
  const x = ones([4, 1], { device }), y = ones([1, 5], { device });
  const message =
    "Cannot make a tensor of shape [4, 5] as its 80 bytes are more than one buffer of reference can have, " +
    "which is 64: use smaller batches, or another device";
  refuses(() => zeros([4, 5], { device }), RangeError, message);
  refuses(() => fromTypedArray(new Float32Array(20), [4, 5], { device }), RangeError, message);
  refuses(() => x.mul(y), RangeError, message);
  refuses(() => x.matmul(y), RangeError, message);
  assertEquals(ones([4, 4], { device }).numel(), 16);
});

Deno.test("ops of two outputs take no memory for one of them", () => {
  const PAIR: KernelOp<null> = {
    kind: "kernel",
    name: "pair",
    infer: () => [{ shape: [16], dtype: "float32" }, { shape: [17], dtype: "int32" }],
    kernel: ([x]) => ({
      kernel: "map",
      body: body(expr.input(0)),
      compute: "float32",
      scalars: [],
      shape: x!.shape,
    }),
  };
  const x = ones([1], { device });
  refuses(() => x.applyAll(PAIR, null), RangeError, "[17] as its 68 bytes");
});

Deno.test("tensors of a dtype that the device has not are refused, by name and by conversion", () => {
  const x = ones([2], { device });
  const message = "Cannot make a tensor of float64 as reference holds float32, int32, bool";
  refuses(() => ones([2], { device, dtype: "float64" }), TypeError, message);
  refuses(() => x.double(), TypeError, message);
  refuses(() => x.to("float64"), TypeError, message);
});
