import * as core from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import type { Case } from "./reference/records.ts";
import { replay } from "./reference/replay.ts";
import { SPECIAL } from "./reference/special_gradients.ts";

/** Functions that are not there yet, or not yet with all that is asked. */
const PENDING = new Set(["addmm", "one_hot"]);
const isHere = ({ op }: Case): boolean =>
  !PENDING.has(op) && (op in SPECIAL || op.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase()) in core);

/** Whether there are whole numbers beyond int32. */
const isWide = ({ outputs = [] }: Case): boolean =>
  outputs.some(({ dtype, data }) => dtype === "int64" && data.some((n) => Math.abs(Number(n)) > 2 ** 31 - 1));

replay("special_gradients.json", [...DEVICES, ...GPU_DEVICES], SPECIAL, {
  wanted: (one) => isHere(one) && !isWide(one),
});
