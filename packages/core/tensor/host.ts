/** Ops that are calculated on the host. */
import { decodedNumbers } from "../elements/decode.ts";
import { encoded } from "../elements/encode.ts";
import type { HostOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { readBytesSync } from "./bytes.ts";

/** Reads `inputs` back, has the op calculate, and writes what it gives to `outputs`, which are new. */
export function runOnHost<P>(
  op: HostOp<P>,
  params: P,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): void {
  const { device } = outputs[0]!;
  try {
    if (!device.canReadSync) {
      throw new TypeError(
        `Cannot apply ${op.name}() as it is calculated on the host and ${device.name} cannot wait here for ` +
          "its operands: make them on another device from await dataAsync()",
      );
    }
    const results = op.host(
      inputs.map((x) => new Float64Array(decodedNumbers(readBytesSync(x), x.dtype))),
      inputs,
      params,
    );
    outputs.forEach((y, i) => device.write(y.storage, encoded(`apply ${op.name}()`, results[i]!, y.dtype)));
  } catch (error) {
    for (const y of outputs) y.dispose();
    throw error;
  }
}
