import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ones, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { type CallListener, flow, type Part } from "@troodon/core/kernel";
import { CpuBackend } from "@troodon/cpu";
import { Linear, ReLU, Sequential, Tanh } from "@troodon/nn";
import { SGD } from "@troodon/optim";

Deno.test("CallListener decides whether a fused op runs as its composite", () => {
  const cpu = new Device(new CpuBackend()), reference = new Device(new ReferenceBackend());
  const heard = (device: Device, expanded: boolean): [string[], unknown] => {
    const calls: string[] = [];
    const listener: CallListener = {
      expands: ({ name }) => expanded && name === "conv2d",
      heard: ({ op }) => void calls.push(op.name),
      read: () => {},
    };
    const x = ones([1, 1, 3, 3], { device }), weight = ones([1, 1, 2, 2], { device });
    const y = flow.runInFrame({ listener }, () => x.conv2d(weight));
    return [calls, y.tolist()];
  };
  const [whole, y] = heard(cpu, false), [parts, same] = heard(cpu, true);
  assertEquals(whole, ["conv2d"]);
  assertEquals(parts, heard(reference, false)[0]);
  assertEquals(y, same);
});

/** Runs `f`; gives where calls of ops and parts began (`+`) and ended (`-`). */
function partsOf(f: () => void): string[] {
  const heard: string[] = [];
  const nameOf = (part: Part): string => {
    if (part.kind === "layer") return part.layer.constructor.name;
    return part.kind === "gradient" ? part.node.name : part.kind === "step" ? part.name : part.kind;
  };
  const listener: CallListener = {
    expands: () => false,
    read: () => {},
    starts: ({ name }) => void heard.push(`+${name}`),
    heard: ({ op }) => void heard.push(`-${op.name}`),
    enters: (part) => void heard.push(`+${nameOf(part)}`),
    leaves: (part) => void heard.push(`-${nameOf(part)}`),
  };
  flow.runInFrame({ listener }, f);
  return heard;
}

Deno.test("CallListener hears layers, ops, the backward pass and its nodes, and the optimizer, each within another", () => {
  setDefaultDevice(new Device(new CpuBackend({ threads: 1 }), { tape }));
  const net = new Sequential(new Linear(3, 2), new ReLU(), new Tanh()), x = randn([4, 3]);
  const optimizer = new SGD(net.parameters(), { lr: 0.1 });
  const heard = partsOf(() => {
    net(x).sum().backward();
    optimizer.step();
  });
  const open: string[] = [];
  for (const event of heard) {
    if (event.startsWith("+")) open.push(event.slice(1));
    else assertEquals(open.pop(), event.slice(1));
  }
  assertEquals(open, []);
  const parts = heard.filter((event) => /^[+-](?:[A-Z]|backward)/.test(event));
  // Linear and ReLU run as one op: as the first of them.
  assertEquals(parts.slice(0, 7), [
    ...["+Sequential", "+Linear", "-Linear", "+Tanh", "-Tanh", "-Sequential", "+backward"],
  ]);
  assertEquals(parts.slice(-3), ["-backward", "+SGD.step", "-SGD.step"]);
  assertEquals(parts.filter((event) => event === "+TanhBackward0"), ["+TanhBackward0"]);
  assertEquals(parts.filter((event) => event === "+AccumulateGrad").length, 2);
});

Deno.test("CallListener hears that a part ends by an error", () => {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  const net = new Sequential(new Tanh(), new Linear(3, 2));
  const heard = partsOf(() => {
    try {
      net(randn([4, 5]));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  });
  assertEquals(heard.slice(-2), ["-Linear", "-Sequential"]);
});

Deno.test("CallListener hears calls in place and copies begin", () => {
  const x = ones([2, 3], { device: new Device(new ReferenceBackend()) });
  assertEquals(partsOf(() => void x.mul_(2)), ["+mul", "-mul"]);
  assertEquals(partsOf(() => void x.t().packedCopy()), ["+transpose", "-transpose", "+clone", "-clone"]);
});
