/** The backend where memory really comes to an end: in a process that may have little of it. */
import { assertEquals } from "@std/assert";
import { openBackend } from "./test_support.ts";

const backend = await openBackend();

/** KiB of addresses for the process: the engine alone reserves about 20 GiB. */
const ADDRESSES = 48 * 2 ** 20;

const PROGRAM = `
  import { Device, full, Scope } from "@troodon/core";
  import { WebGpuBackend } from "@troodon/webgpu";

  const backend = await WebGpuBackend.create({ allowFallback: true }), device = new Device(backend);
  const found = {}, all = [], start = full([0], 0, { device });
  // Memory that is never touched costs addresses alone.
  const empty = (bytes) => start.newEmpty([bytes / 4]);
  {
    using _ = new Scope();
    try {
      for (let i = 0; i < 10_000; i++) all.push(empty(2 ** 26));
    } catch (error) {
      found.error = error.name;
      found.message = error.message.replace(/\\d+/g, "N");
    }
    found.many = all.length > 100;
    found.counted = device.memory.buffers === all.length + 1;
    // A quarter is spare, which is of no use for tensors of another size before it is freed.
    for (const x of all.splice(0, all.length / 4)) x.dispose();
    const before = backend.report.spareBytes;
    empty(2 ** 26 + 2 ** 25);
    found.trimmed = before > 2 ** 30 && backend.report.spareBytes === 0;
    found.sum = full([100], 2, { device }).sum().item();
  }
  found.left = device.memory.buffers;
  await device.finish();
  console.log(JSON.stringify(found));
  device[Symbol.dispose]();
`;

Deno.test({
  name: "WebGpuBackend.allocate() says that memory is full where it is, and goes on with what was freed",
  // Other systems have no such bound; the software GPU takes memory of the process.
  ignore: !backend || Deno.build.os !== "linux" || !backend.describe().includes("software"),
  async fn() {
    const command = new Deno.Command("sh", {
      args: ["-c", `ulimit -v ${ADDRESSES} && exec "$0" eval --ext=ts "$1"`, Deno.execPath(), PROGRAM],
      stderr: "piped",
    });
    const { stdout, stderr } = await command.output(), text = new TextDecoder().decode(stdout);
    assertEquals(text === "" ? new TextDecoder().decode(stderr) : JSON.parse(text), {
      error: "RangeError",
      message:
        "Cannot allocate N bytes as the memory of the GPU is full: use smaller batches; N spare bytes were " +
        "freed, and currently in use are N in N buffers. If a loop makes them, free them at the end of each turn: " +
        "begin its body with `using _ = new Scope();`",
      many: true,
      counted: true,
      left: 1,
      trimmed: true,
      sum: 200,
    });
  },
});
