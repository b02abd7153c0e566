import { assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../creation.ts";
import { Device } from "../device.ts";
import { ReferenceBackend } from "../reference/reference_backend.ts";

/** A backend that cannot wait, as a GPU in a page. */
class Asynchronous extends ReferenceBackend {
  override readonly readSync = undefined as unknown as ReferenceBackend["readSync"];

  override async read(...args: Parameters<ReferenceBackend["read"]>): Promise<Uint8Array> {
    await Promise.resolve();
    return args[0].bytes.slice(args[1]?.start, args[1]?.end);
  }
}

Deno.test("itemAsync() reads the one element where item() cannot wait", async () => {
  const device = new Device(new Asynchronous());
  assertEquals(await tensor([[1.5]], { device }).itemAsync(), 1.5);
  assertEquals(await tensor(true, { device }).itemAsync(), 1);
  assertEquals(await tensor([2n ** 60n], { dtype: "int64", device }).itemAsync({ bigint: true }), 2n ** 60n);
  await assertRejects(
    () => tensor([2n ** 60n], { dtype: "int64", device }).itemAsync(),
    RangeError,
    "bigint",
  );
  await assertRejects(
    () => tensor([1, 2], { device }).itemAsync(),
    RangeError,
    "Cannot take itemAsync() as the tensor must have one element: current shape is [2]",
  );
});
