import { assertEquals } from "@std/assert";
import type { CompositeOp, FusedOp, HostOp, KernelOp, Op, ViewOp } from "./op.ts";
import type { RecordedRule } from "./tape.ts";

// The compiler is the test here: a mix that it takes is an unused directive, which it reports.
const base = { name: "example", infer: () => [] };
const view = () => ({ shape: [], strides: [], offset: 0 });
const kernel = () => ({ kernel: "sort", axis: 0, descending: false } as const);
const fusedKernel = () => ({ kernel: "softmax" } as const);
const composite = () => [];
const host = () => [];
const arrange = () => ({ inputs: [], output: null });

const OPS = {
  view: { ...base, kind: "view", view } satisfies ViewOp,
  kernel: { ...base, kind: "kernel", kernel } satisfies KernelOp,
  arranged: { ...base, kind: "kernel", kernel, arrange } satisfies KernelOp,
  mutating: { ...base, kind: "kernel", kernel, mutates: true } satisfies KernelOp,
  fused: { ...base, kind: "fused", kernel: fusedKernel, composite } satisfies FusedOp,
  composite: { ...base, kind: "composite", composite } satisfies CompositeOp,
  host: { ...base, kind: "host", host } satisfies HostOp,
} satisfies Record<string, Op>;

Deno.test("Op has a kind that says how it runs", () => {
  const runs: Record<Op["kind"], (op: Op) => boolean> = {
    view: (op) => op.kind === "view" && op.view === view,
    kernel: (op) => op.kind === "kernel" && op.kernel === kernel,
    fused: (op) => op.kind === "fused" && op.kernel === fusedKernel && op.composite === composite,
    composite: (op) => op.kind === "composite" && op.composite === composite,
    host: (op) => op.kind === "host" && op.host === host,
  };
  for (const op of Object.values(OPS) as Op[]) assertEquals(runs[op.kind](op), true, op.kind);
});

// @ts-expect-error: a view runs no kernel.
export const viewWithKernel: Op = { ...base, kind: "view", view, kernel };
// @ts-expect-error: a view has a layout.
export const viewWithoutView: Op = { ...base, kind: "view" };
// @ts-expect-error: a view is not arranged for a kernel.
export const viewWithArrange: Op = { ...base, kind: "view", view, arrange };
// @ts-expect-error: what has a kernel and a composite is fused.
export const kernelWithComposite: Op = { ...base, kind: "kernel", kernel, composite };
// @ts-expect-error: a kernel op runs on every backend, so that its kernel is mandatory.
export const kernelOfFusedCall: Op = { ...base, kind: "kernel", kernel: fusedKernel };
// @ts-expect-error: a fused op has a composite for backends without its kernel.
export const fusedWithoutComposite: Op = { ...base, kind: "fused", kernel: fusedKernel };
// @ts-expect-error: a fused op has a kernel.
export const fusedWithoutKernel: Op = { ...base, kind: "fused", composite };
// @ts-expect-error: a kernel that every backend has needs no composite.
export const fusedOfMandatoryCall: Op = { ...base, kind: "fused", kernel, composite };
// @ts-expect-error: fused kernels see contiguous tensors.
export const fusedWithArrange: Op = { ...base, kind: "fused", kernel: fusedKernel, composite, arrange };
// @ts-expect-error: fused kernels write new tensors.
export const fusedThatMutates: Op = { ...base, kind: "fused", kernel: fusedKernel, composite, mutates: true };
// @ts-expect-error: a composite is not calculated on the host.
export const compositeWithHost: Op = { ...base, kind: "composite", composite, host };
// @ts-expect-error: a composite has no kernel to arrange tensors for.
export const compositeWithArrange: Op = { ...base, kind: "composite", composite, arrange };
// @ts-expect-error: what is calculated on the host has no kernel.
export const hostWithKernel: Op = { ...base, kind: "host", host, kernel };
// @ts-expect-error: an op says how it runs.
export const withoutKind: Op = { ...base, view };
// @ts-expect-error: what is only recorded is no op that runs.
export const recorded: Op = { ...base, kind: "recorded", vjp: () => [] };
// @ts-expect-error: what is only recorded has a rule.
export const recordedWithoutRule: RecordedRule = { name: "example", kind: "recorded" };
