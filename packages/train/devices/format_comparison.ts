import { checkCall, showShape } from "@troodon/core/kernel";
import type { DeviceComparison } from "./compare_devices.ts";
import type { LayerDrift } from "./drift.ts";
import type { PartedCall } from "./lockstep.ts";

const digits = (x: number): string => String(Number(x.toPrecision(7)));
const share = (x: number | null): string => x === null ? "-" : x.toExponential(1);

/** A call that parts, in three lines. */
function callLines(
  { phase, op, layer, gradientOf, devices, output, dtype, shape, position, worst }: PartedCall,
): string {
  const where = layer === null ? "outside of all layers" : `in layer ${layer}`;
  const gradient = gradientOf === null ? "" : `, in the gradient ${gradientOf}`;
  const number = output === 0 ? "" : ` of output ${output}`;
  return [
    `${op}() parts ${where} (${phase}${gradient})`,
    `  worst element ${showShape(position)}${number}: ${devices[0]} ${digits(worst.expected)}, ${
      devices[1]
    } ${digits(worst.found)}, allowed difference ${worst.allowed.toExponential(1)}`,
    `  ${worst.count} of ${shape.reduce((product, size) => product * size, 1)} elements part, shape ${
      showShape(shape)
    }, ${dtype}`,
  ].join("\n");
}

function driftLines(drift: readonly LayerDrift[]): string[] {
  const rows = drift.filter(({ output, parameters }) => output !== null || parameters !== null).map((row) => [
    `${row.layer || "(model)"} (${row.type})`,
    row.device,
    ...[row.output, row.gradient, row.parameters].map(share),
  ]);
  const table = [["layer", "device", "output", "gradient", "parameters"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    `  ${row.map((cell, i) => i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")}`
  );
}

/** A comparison of {@linkcode compareDevices} as lines for people: the first call that parts, and how layers drift. */
export function formatDeviceComparison(comparison: DeviceComparison): string {
  checkCall("formatDeviceComparison", arguments, "o");
  const { devices, calls, parted, first, skipped, drift } = comparison;
  const kinds = new Map(skipped.map(({ op, device, reason }) => [`  ${op} on ${device}: ${reason}`, op]));
  return [
    first === null
      ? `${calls} calls on ${devices.join(", ")}: no result parts`
      : `${calls} calls on ${devices.join(", ")}: ${parted.length} part. The first:\n${callLines(first)}`,
    ...(kinds.size === 0 ? [] : [`${skipped.length} calls could not be made:`, ...kinds.keys()]),
    "Relative differences where each device goes on with its own results:",
    ...driftLines(drift),
  ].join("\n");
}
