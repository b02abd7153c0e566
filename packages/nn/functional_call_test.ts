import { assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { grad, gradOf } from "@troodon/autograd";
import { full, ones, randn, type Tensor, zeros } from "@troodon/core";
import * as nn from "./mod.ts";
import { useReference } from "./support_test.ts";

useReference();
const { functionalCall } = nn;

Deno.test("functionalCall() calls with other tensors, and leaves the module as it was", () => {
  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
  const other = nn.deepCopy(net), x = randn([4, 2]), own = [...net.stateDict().values()];
  for (const parameter of other.parameters()) nn.init.uniform_(parameter);
  const before = net.forward(x).tolist(), expected = nn.deepCopy(other).forward(x).tolist();
  const given = new Map([...other.stateDict()]);
  assertEquals(functionalCall(net, given, x).tolist(), expected);
  assertEquals([...net.stateDict().values()].every((t, i) => t === own[i]), true);
  assertEquals(net.forward(x).tolist(), before);
  assertEquals(functionalCall(net, {}, x).tolist(), before);
});

Deno.test("functionalCall() has gradients of what was given", () => {
  const layer = new nn.Linear(2, 2), x = ones([3, 2]);
  const weight = full([2, 2], 0.5, { requiresGrad: true });
  const [g] = grad(functionalCall(layer, { weight }, x).sum(), weight);
  assertEquals([g!.tolist(), layer.weight.grad], [[[3, 3], [3, 3]], null]);
  assertEquals(
    gradOf((w: Tensor) => functionalCall(layer, { weight: w }, x).square().sum())(zeros([2, 2])).shape,
    [2, 2],
  );
});

Deno.test("functionalCall() replaces tied weights under all names, in lists and dictionaries, and normed ones", () => {
  const net = new nn.Sequential(new nn.Linear(1, 1, { bias: false }), new nn.Linear(1, 1, { bias: false }));
  const [a, b] = [net.at(0) as nn.Linear, net.at(1) as nn.Linear];
  b.weight = a.weight;
  assertEquals(functionalCall(net, { "1.weight": full([1, 1], 3) }, ones([1, 1])).item(), 9);
  class Held extends nn.Module {
    list: nn.ParameterList = new nn.ParameterList([new nn.Parameter(ones([1]))]);
    named: nn.ParameterDict = new nn.ParameterDict({ w: new nn.Parameter(ones([1])) });
    rows: nn.Parameter[] = [new nn.Parameter(ones([1]))];
    override forward(x: Tensor): Tensor {
      return x.mul(this.list.at(0)).mul(this.named.get("w")).mul(this.rows[0]!);
    }
  }
  const held = new Held(),
    state = { "list.0": full([1], 2), "named.w": full([1], 3), "rows.0": full([1], 5) };
  assertEquals([functionalCall(held, state, ones([1])).item(), held.forward(ones([1])).item()], [30, 1]);
  const normed = nn.weightNorm(new nn.Linear(1, 1, { bias: false }));
  assertEquals(
    functionalCall(normed, { weight_g: full([1, 1], 4), weight_v: ones([1, 1]) }, ones([1, 1])).item(),
    4,
  );
});

Deno.test("functionalCall() refuses other names and shapes, and promises, and restores after an error", () => {
  const layer = new nn.Linear(2, 1), { weight } = layer;
  assertThrows(
    () => functionalCall(layer, { w: ones([1, 2]) }, ones([1, 2])),
    RangeError,
    "current names are weight, bias",
  );
  assertThrows(
    () => functionalCall(layer, { weight: ones([2]) }, ones([1, 2])),
    RangeError,
    "current shape is [1, 2]",
  );
  assertThrows(() => functionalCall(layer, { weight: ones([1, 2]) }, ones([1, 3])), RangeError);
  assertStrictEquals(layer.weight, weight);
  class Late extends nn.Module<[x: Tensor], Promise<Tensor>> {
    w: nn.Parameter = new nn.Parameter(ones([1]));
    override forward(x: Tensor): Promise<Tensor> {
      return Promise.resolve(x.mul(this.w));
    }
  }
  const late = new Late(), other = zeros([1]);
  assertThrows(() => functionalCall(late, { w: other }, ones([1])), TypeError, "must be synchronous");
  assertNotStrictEquals<Tensor>(late.w, other);
});
