import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, type DType, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import { NdArray } from "../nd_array.ts";

const device = new Device(new ReferenceBackend());

const loaderOf = (values: readonly number[]) =>
  new DataLoader({
    length: values.length,
    get: (i: number) => ({ deep: [values[i]!, "name"] as const, same: i }),
  }, {
    batchSize: 2,
    device,
  });

async function dtypes(loader: ReturnType<typeof loaderOf>, count = Infinity): Promise<DType[]> {
  const seen: DType[] = [];
  for await (using batch of loader) {
    assertEquals(batch.same.dtype, "int32");
    seen.push(batch.deep[0].dtype);
    if (seen.length === count) break;
  }
  return seen;
}

Deno.test("DataLoader keeps the dtype of numbers from batch to batch and pass to pass", async () => {
  const loader = loaderOf([0.5, 1, 2, 3, 2 ** 40, 4]);
  assertEquals(await dtypes(loader), ["float32", "float32", "float32"]);
  assertEquals(await dtypes(loaderOf([2 ** 40, 1, 2, 3])), ["int64", "int64"]);
  assertEquals(await dtypes(loaderOf([1, 2, 3])), ["int32", "int32"]);
});

Deno.test("DataLoader refuses a fraction after batches of whole numbers, and names it", async () => {
  await assertRejects(
    () => dtypes(loaderOf([1, 2, 3, 0.25])),
    TypeError,
    "batch.deep[0] was int32 in the batches before it, and now has 0.25: return Float32Array.of(x)",
  );
  await assertRejects(
    () => dtypes(loaderOf([1, 2, 2 ** 40, 0])),
    TypeError,
    "has 1099511627776: return BigInt(x)",
  );
  await assertRejects(() => dtypes(loaderOf([2 ** 40, 2, 0.5, 0])), TypeError, "was int64");
});

Deno.test("DataLoader.stateDict() remembers the dtypes of numbers", async () => {
  const values = [0.5, 1, 2, 3], first = loaderOf(values), second = loaderOf(values);
  await dtypes(first, 1);
  const state = JSON.parse(JSON.stringify(first.stateDict()));
  assertEquals(state.dtypes, { "batch.deep[0]": "float32", "batch.same": "int32" });
  second.loadStateDict(state);
  assertEquals(await dtypes(second), ["float32"]);
  for (const wrong of [3, { x: "complex" }]) {
    assertThrows(
      () => second.loadStateDict({ ...state, dtypes: wrong }),
      RangeError,
      "its dtypes are malformed",
    );
  }
});

Deno.test("DataLoader leaves the dtypes of typed arrays to the dataset", async () => {
  const arrays = [Int32Array.of(1), Float32Array.of(1)];
  const loader = new DataLoader({ length: 2, get: (i: number) => new NdArray(arrays[i]!, [1]) }, { device });
  const seen: DType[] = [];
  for await (using batch of loader) seen.push(batch.dtype);
  assertEquals(seen, ["int32", "float32"]);
});
