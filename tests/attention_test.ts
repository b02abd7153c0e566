import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  Device,
  eye,
  full,
  multiHeadAttention,
  ones,
  ReferenceBackend,
  scaledDotProductAttention,
  type Tensor,
  tensor,
} from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });
const some = (...shape: number[]): Tensor => ones(shape, { device }).requiresGrad_();

Deno.test("scaledDotProductAttention() gives 0, and no gradient, to a query that sees no key", () => {
  const hidden = tensor([[false, false], [true, false]], { device, dtype: "bool" });
  const added = tensor([[-Infinity, -Infinity], [0, -Infinity]], { device });
  for (const attnMask of [hidden, added]) {
    const q = some(2, 3), k = some(2, 3), v = some(2, 3);
    const y = scaledDotProductAttention(q, k, v, { attnMask });
    assertEquals(y.tolist(), [[0, 0, 0], [1, 1, 1]]);
    y.sum().backward();
    assertEquals(q.grad!.tolist(), [[0, 0, 0], [0, 0, 0]]);
    assertEquals(v.grad!.tolist(), [[1, 1, 1], [0, 0, 0]]);
  }
});

Deno.test("multiHeadAttention() gives weights of 0 to a query that sees no key, wanted or not", () => {
  const identity = eye(2, 2, { device }), x = some(3, 2);
  const weights = { inProjWeight: [identity, identity, identity], outProjWeight: identity } as const;
  const keyPaddingMask = full([3], 1, { device, dtype: "bool" });
  for (const needWeights of [true, false]) {
    const [y, seen] = multiHeadAttention(x, x, x, 1, weights, { keyPaddingMask, needWeights });
    assertEquals(y.tolist(), [[0, 0], [0, 0], [0, 0]]);
    if (needWeights) assertEquals(seen!.tolist(), [[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
  }
});
