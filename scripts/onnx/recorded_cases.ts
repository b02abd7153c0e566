/** The cases that the tests carry along. */
import type { Case } from "./case.ts";
import { unpackCases } from "./packed_cases.ts";

/** The cases of ONNX's backend test that `pack_cases.ts` packed. */
export async function recordedCases(): Promise<Case[]> {
  return await unpackCases(
    await Deno.readFile(new URL("../../tests/reference/onnx_cases.bin.gz", import.meta.url)),
  );
}
