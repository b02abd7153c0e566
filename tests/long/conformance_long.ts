/** The conformance suite with repeated layouts and every second derivative on all samples. */
import { CASES, conformance } from "@troodon/testing";
import { DEVICES } from "../reference/devices.ts";
import { GPU_DEVICES } from "../reference/gpu.ts";

conformance(() => [...DEVICES.filter(({ name }) => name !== "reference"), ...GPU_DEVICES], CASES, {
  thorough: true,
});
