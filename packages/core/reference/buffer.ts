import type { View } from "../backend/contract.ts";

/** Memory of the reference backend: `bytes` begin at a multiple of 8 and are as many as a multiple of 8. */
export interface ReferenceBuffer {
  /** Its bytes, 8-byte aligned. */
  bytes: Uint8Array;
}

/** A window onto memory of the reference backend. */
export type ReferenceView = View<ReferenceBuffer>;

/** What a kernel of the reference backend is: a function of its call and views. */
export type ReferenceKernel<C> = (
  call: C,
  inputs: readonly ReferenceView[],
  outputs: readonly ReferenceView[],
) => void;
