/** The cases that the tests carry along. */
import type { Case } from "./case.ts";
import { unpackCases } from "./packed_cases.ts";

/** The cases that `pack_cases.ts` packed: of ONNX's backend test, or networks that PyTorch exported. */
export async function recordedCases(name: "onnx_cases" | "onnx_models" = "onnx_cases"): Promise<Case[]> {
  const file = new URL(`../../tests/reference/${name}.bin.gz`, import.meta.url);
  return await unpackCases(await Deno.readFile(file));
}
