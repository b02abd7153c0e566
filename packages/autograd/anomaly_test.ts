import { assert, assertEquals, assertThrows } from "@std/assert";
import { linalg } from "@troodon/core";
import { detectAnomaly, enterLayer, grad, isAnomalyEnabled, setDetectAnomaly } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("detectAnomaly() names the op and the layer of the first NaN", () => {
  const device = makeDevice(), x = leaf(device, [[1, 2], [3, -1]]);
  using _ = detectAnomaly();
  using layer = enterLayer("net");
  {
    using _inner = enterLayer("fc1");
    assertThrows(
      () => x.mul(2).log().sum(),
      RangeError,
      'Cannot go on from log() in layer "fc1" as its result 0 of shape [2, 2] has NaN at [1, 1]: its inputs are finite',
    );
  }
  assertThrows(
    () => x.sub(1).reciprocal(),
    RangeError,
    'in layer "net" as its result 0 of shape [2, 2] has Infinity at [0, 0]',
  );
  layer[Symbol.dispose]();
  assertThrows(() => x.sub(1).reciprocal(), RangeError, "reciprocal() as its result");
});

Deno.test("detectAnomaly() says what came in with the data", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), data = constant(device, [1, NaN]);
  using _ = detectAnomaly();
  assertThrows(
    () => x.mul(data),
    RangeError,
    "from mul() as its result 0 of shape [2] has NaN at [1]: its input 1 has NaN at [1] already",
  );
});

Deno.test("detectAnomaly() names the op of the first infinite gradient, and the call is its cause", () => {
  const device = makeDevice(), x = leaf(device, [4, 0]);
  using _ = detectAnomaly();
  const y = (() => {
    using _layer = enterLayer("root");
    return x.sqrt();
  })();
  const error = assertThrows(
    () => y.mul(2).sum().backward(),
    RangeError,
    'the gradient of sqrt() in layer "root" as that of its input 0 of shape [2] has Infinity at [1]: ' +
      "what it was calculated from is finite",
  );
  assert(error.cause instanceof RangeError && error.cause.stack?.includes("anomaly_test.ts"));
  assertThrows(
    () => x.mul(1).sum().backward(constant(device, NaN)),
    RangeError,
    "the gradient of its result 0 has NaN at [] already",
  );
});

Deno.test("detectAnomaly() ends, and can leave infinities alone", () => {
  const device = makeDevice(), x = leaf(device, [1, 0]);
  {
    using _ = detectAnomaly({ infinities: false });
    assertEquals([isAnomalyEnabled(), x.reciprocal().at(1).item()], [true, Infinity]);
    assertThrows(() => x.reciprocal().mul(constant(device, [1, 0])), RangeError, "NaN at [1]");
  }
  assertEquals([isAnomalyEnabled(), x.neg().sqrt().at(0).item()], [false, NaN]);
  setDetectAnomaly(true);
  assertThrows(() => x.log(), RangeError, "-Infinity at [1]");
  setDetectAnomaly(false);
  assertEquals(x.log().at(1).item(), -Infinity);
});

Deno.test("detectAnomaly() changes nothing else", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), { buffers } = device.memory;
  using _ = detectAnomaly();
  x.mul(x).exp().log().sum().backward();
  assertClose(x.grad, [2, 4]);
  assert(device.memory.buffers > buffers);
  const y = x.mul(1);
  y.mul_(3);
  y.sum().backward();
  assertClose(x.grad, [5, 7]);
});

Deno.test("detectAnomaly() nests, and leaves what it found on", () => {
  const device = makeDevice(), x = leaf(device, [1, 0]);
  {
    using _outer = detectAnomaly();
    {
      using _inner = detectAnomaly({ infinities: false });
      assertEquals(x.reciprocal().at(1).item(), Infinity);
    }
    assertEquals(isAnomalyEnabled(), true);
    assertThrows(() => x.reciprocal(), RangeError, "Infinity at [1]");
  }
  assertEquals(isAnomalyEnabled(), false);
});

Deno.test("detectAnomaly() does not blame the values that a call in place has overwritten", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), zero = constant(device, [1, 0]);
  using _ = detectAnomaly();
  const y = x.mul(1);
  assertThrows(() => y.div_(zero), RangeError, "has Infinity at [1]: its inputs are finite");
  const z = x.mul(1);
  assertThrows(() => z.mul_(constant(device, [NaN, 1])), RangeError, "its input 1 has NaN at [0] already");
});

Deno.test("detectAnomaly() looks at every result of a call, and at none that is not floating", () => {
  const device = makeDevice(), x = leaf(device, [[1, NaN], [2, 3]]);
  using _ = detectAnomaly();
  assertThrows(() => x.sort(1), RangeError, "sort() as its result 0 of shape [2, 2] has NaN at [0, 1]");
  assertEquals(x.isnan().any().item(), 1);
  assertEquals(leaf(device, [[], []]).mul(2).numel(), 0);
});

Deno.test("enterLayer() names the innermost layer, and the one around it afterwards", () => {
  const device = makeDevice(), x = leaf(device, [0]);
  using _ = detectAnomaly();
  const where = (): string =>
    assertThrows(() => x.log(), RangeError).message.match(/in layer "(\w+)"/)?.[1] ?? "";
  const names: string[] = [where()];
  {
    using _a = enterLayer("a");
    names.push(where());
    {
      using _b = enterLayer("b");
      names.push(where());
    }
    names.push(where());
  }
  names.push(where());
  assertEquals(names, ["", "a", "b", "a", ""]);
});

Deno.test("backward() says which calls have no gradient", () => {
  const x = leaf(makeDevice(), [[1, 2], [3, 4], [5, 6]]);
  const { q } = linalg.qr(x, "complete");
  assertThrows(() => q.sum().backward(), TypeError, "qr() as a complete basis has no gradient");
  assertClose(grad(linalg.qr(x).r.sum().mul(0).add(x.sum()), x)[0]!, [1, 1, 1, 1, 1, 1]);
});
