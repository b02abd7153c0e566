import { assertEquals } from "@std/assert";
import { Device, ones, ReferenceBackend } from "@troodon/core";
import { type CallListener, flow } from "@troodon/core/kernel";
import { CpuBackend } from "@troodon/cpu";

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
