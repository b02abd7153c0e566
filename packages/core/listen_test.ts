import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  type DeviceListener,
  type Launch,
  ReferenceBackend,
  type Tensor,
  tensor,
  zeros,
} from "./mod.ts";
import { body, expr, Updates } from "./kernel.ts";

const makeDevice = (): Device => new Device(new ReferenceBackend());

/** A listener that notes everything in order. */
function noting(heard: string[]): Required<DeviceListener> {
  return {
    launch: ({ call }) => heard.push(call.kernel),
    write: ({ range: { start, end } }, data) => heard.push(`write ${start}-${end} of ${data.length}`),
    read: ({ range: { start, end } }) => heard.push(`read ${start}-${end}`),
    allocate: ({ bytes }) => heard.push(`allocate ${bytes}`),
    free: ({ bytes }) => heard.push(`free ${bytes}`),
    begins: () => {},
    ends: () => {},
  };
}

Deno.test("Device.listen() hears where launches, writes and reads begin and end, also by an error", async () => {
  const device = makeDevice(), heard: string[] = [];
  using _ = device.listen({
    begins: (work) =>
      heard.push(`begin ${work.kind === "launch" ? work.calls.map((c) => c.kernel) : work.kind}`),
    ends: ({ kind }) => heard.push(`end ${kind}`),
    launch: ({ call }) => heard.push(call.kernel),
  });
  const x = tensor([1, 2, 3, 4], { device });
  x.sum().item();
  await x.dataAsync();
  assertEquals(
    heard.splice(0),
    ["begin write", "end write", "begin reduce", "end launch", "reduce"].concat(
      ...["begin read", "end read", "begin read", "end read"],
    ),
  );
  {
    const double = body(expr.mul(expr.input(0), 2));
    using updates = new Updates();
    updates.add(double, [x]);
    updates.add(double, [x.detach()]);
  }
  assertEquals(heard.splice(0), ["begin map,map", "end launch", "map", "map"]);
  assertThrows(() => x.indexSelect(0, tensor([9], { device, dtype: "int32" })), RangeError);
  assertEquals(heard, ["begin write", "end write", "begin gather", "end launch"]);
});

Deno.test("Device.listen() hears launches, writes, reads, allocations and frees, in order", async () => {
  const device = makeDevice(), heard: string[] = [];
  using _ = device.listen(noting(heard));
  const x = tensor([1, 2, 3, 4], { device });
  const y = x.mul(2);
  y.sum().item();
  await y.dataAsync();
  x.dispose();
  assertEquals(heard, [
    ...["allocate 16", "write 0-16 of 16", "allocate 16", "map", "allocate 4", "reduce", "read 0-4"],
    ...["read 0-16", "free 16"],
  ]);
});

Deno.test("Device.listen() hears what packs, fills, updates and calculates on the host", () => {
  const device = makeDevice(), heard: string[] = [];
  const x = tensor([[4, 1], [1, 3]], { device }), double = body(expr.mul(expr.input(0), 2));
  using _ = device.listen({
    launch: ({ call }) => heard.push(call.kernel),
    write: () => heard.push("write"),
  });
  const hear = (f: () => unknown): string[] => {
    heard.length = 0;
    f();
    return [...heard];
  };
  assertEquals(hear(() => zeros([3], { device })), ["map"]);
  assertEquals(hear(() => x.transpose(0, 1).packedCopy()), ["map"]);
  assertEquals(hear(() => x.transpose(0, 1).tolist()), ["map"]);
  assertEquals(
    hear(() => {
      using updates = new Updates();
      updates.add(double, [x]);
    }),
    ["map"],
  );
  // The factor is written by the host.
  assert(hear(() => x.cholesky()).includes("write"));
});

Deno.test("Device.listen() gives views that outlive the tensors, from which launches can be made again", () => {
  const device = makeDevice(), launches: Launch[] = [];
  const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
  const keep: Tensor[] = [x];
  {
    using _ = device.listen((launch) => {
      for (const view of [...launch.inputs, ...launch.outputs]) view.storage.retain();
      launches.push(launch);
    });
    const y = x.transpose(0, 1).add(1), z = y.mul(y);
    y.dispose();
    keep.push(z);
  }
  const [, result] = keep, expected = result!.tolist();
  result!.zero_();
  // z is written again from y, whose tensor is gone.
  for (const { call, inputs, outputs } of launches) device.launch(call, inputs, outputs);
  assertEquals(result!.tolist(), expected);
});

Deno.test("a version belongs to a tensor and its views, not to the memory they share with others", () => {
  const device = makeDevice(), flat = tensor([1, 2, 3, 4], { device });
  // Two parameters in one storage, as a flat optimizer has them.
  const part = (offset: number): Tensor => {
    const view = flat.narrow(0, offset, 2);
    return Reflect.construct(flat.constructor, [device, view.storage.retain(), view, "float32"]) as Tensor;
  };
  const [a, b] = [part(0), part(2)];
  const view = a.select(0, 1), copy = a.detach();
  const counts = () => [a, view, copy, b].map(({ version }) => version.count);
  assertEquals(counts(), [0, 0, 0, 0]);
  view.add_(10);
  assertEquals(counts(), [1, 1, 1, 0]);
  b.mul_(2);
  assertEquals(counts(), [1, 1, 1, 1]);
  assertEquals(flat.tolist(), [1, 12, 6, 8]);
});

Deno.test("listen() may be called, and ended, by those who are being told", () => {
  const device = makeDevice(), x = tensor([1], { device }), heard: string[] = [];
  const first = device.listen(() => {
    heard.push("first");
    first[Symbol.dispose]();
    device.listen(() => heard.push("late"));
  });
  device.listen(() => heard.push("second"));
  x.add(1);
  assertEquals(heard, ["first", "second"]);
  x.add(1);
  assertEquals(heard, ["first", "second", "second", "late"]);
});

Deno.test("listen() of one listener twice ends once for each", () => {
  const device = makeDevice(), x = tensor([1], { device });
  let heard = 0;
  const listener = { launch: () => void heard++ };
  const once = device.listen(listener), again = device.listen(listener);
  once[Symbol.dispose]();
  once[Symbol.dispose]();
  x.add(1);
  assertEquals(heard, 1);
  again[Symbol.dispose]();
  x.add(1);
  assertEquals(heard, 1);
});

for (const event of ["allocate", "write", "launch", "free"] as const) {
  Deno.test(`a listener that throws at ${event} leaves no memory behind`, () => {
    const device = makeDevice();
    {
      using _ = device.listen({
        [event]: () => {
          throw new RangeError("heard");
        },
      });
      assertThrows(
        () => {
          using x = tensor([1], { device });
          x.add(1).dispose();
        },
        event === "free" ? Error : RangeError,
      );
    }
    assertEquals(device.memory.buffers, 0);
  });
}
