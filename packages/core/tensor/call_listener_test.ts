import { assertEquals, assertThrows } from "@std/assert";
import { Device } from "../device.ts";
import { flow, type OpCall } from "../kernel.ts";
import { arange, ReferenceBackend, tensor, zeros } from "../mod.ts";
import type { CallListener } from "./call_listener.ts";

/** Writes down what it hears. */
class Notes implements CallListener {
  readonly calls: string[] = [];

  expands(): boolean {
    return false;
  }

  heard({ op, inputs, outputs, inPlace }: OpCall): void {
    this.calls.push(`${op.name}${inPlace ? " in place" : ""} ${inputs.length} ${outputs.length}`);
  }

  read(x: { readonly shape: readonly number[] }): void {
    this.calls.push(`read [${x.shape}]`);
  }
}

const device = new Device(new ReferenceBackend());

Deno.test("CallListener hears calls on tensors without a tape, in place, and what is read", () => {
  const notes = new Notes(), x = tensor([1, 2, 3], { device });
  flow.runInFrame({ listener: notes }, () => {
    x.add(1).gt(2);
    x.mul_(2);
    x.reshape([3, 1]).sum().item();
    String(x);
  });
  x.add(1);
  assertEquals(notes.calls, ["add 1 1", "gt 1 1", "mul in place 1 1", "reshape 1 1", "sum 1 1", "read []"]);
});

Deno.test("CallListener hears what makes tensors of numbers, and copies", () => {
  const notes = new Notes(),
    x = tensor([[1, 2], [3, 4]], { device }),
    at = tensor([1], { dtype: "int32", device });
  flow.runInFrame({ listener: notes }, () => {
    zeros([2], { device });
    arange(3, { device });
    x.newOnes([2]);
    x.indexPut([at], tensor(0, { device }));
  });
  assertEquals(notes.calls.slice(0, 4), ["full 0 1", "arange 0 1", "full 0 1", "clone 1 1"]);
  assertEquals(notes.calls.slice(-2), ["scatter in place 3 1", "indexPut 3 1"]);
});

Deno.test("CallListener hears the parts of a composite before the composite", () => {
  const notes = new Notes(), x = tensor([1, 2], { device });
  flow.runInFrame({ listener: notes }, () => {
    using _ = x.logsumexp(0);
  });
  assertEquals(notes.calls.at(-1), "logsumexp 1 1");
  assertEquals(notes.calls.length > 1, true);
});

Deno.test("CallListener.read() may refuse a read, and a move is one", () => {
  const other = new Device(new ReferenceBackend()), x = tensor([1, 2], { device });
  const refusing: CallListener = {
    expands: () => false,
    heard: () => {},
    read: () => {
      throw new TypeError("Cannot read");
    },
  };
  const reads: readonly (() => unknown)[] = [() => x.dataSync(), () => x.tolist(), () => x.to(other)];
  for (const read of reads) {
    assertThrows(() => flow.runInFrame({ listener: refusing }, read), TypeError, "Cannot read");
  }
});

Deno.test("CallListener.overwrites() hears what a call in place is about to change", () => {
  const seen: unknown[] = [], x = tensor([1, 2, 3], { device });
  const listener: CallListener = {
    ...{ expands: () => false, heard: () => {}, read: () => {} },
    overwrites: ({ op, outputs: [y] }) => void seen.push(op.name, y === x, y!.tolist()),
  };
  flow.runInFrame({ listener }, () => {
    x.mul(3);
    x.mul_(2);
  });
  assertEquals([...seen, x.tolist()], ["mul", true, [1, 2, 3], [2, 4, 6]]);
});
