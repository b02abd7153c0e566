/** Events of a device (launches, writes, reads, allocations, frees) and the interface of their listeners. */
import type { BackendLaunch, ByteRange, View } from "./backend/contract.ts";
import type { KernelCall } from "./backend/kernel_call.ts";
import type { DeviceBuffer } from "./lost_storages.ts";
import type { Storage } from "./storage.ts";

/** A view whose storage is still known, so that a launch can be recorded and replayed. */
export interface LaunchView extends View {
  /** The storage that the view reads or writes. */
  readonly storage: Storage;
}

/** A kernel's call with what it reads and writes. */
export interface Launch extends BackendLaunch {
  /** Views of the inputs. */
  readonly inputs: readonly LaunchView[];
  /** Views of the outputs. */
  readonly outputs: readonly LaunchView[];
}

/** Bytes that went between the host and a device. */
export interface HostTransfer {
  /** The memory on the device. */
  readonly storage: Storage;
  /** Which bytes of its buffer. */
  readonly range: ByteRange;
}

/** Work of a device: running kernels, or copying bytes from or to the host. */
export type DeviceWork =
  | { readonly kind: "launch"; readonly calls: readonly KernelCall[] }
  | { readonly kind: "read" | "write" };

/**
 * Hears what happens on a device, after it happened: everything that ops and optimizers do to memory there. What it is
 * given stays true when the tensors that took part are gone.
 */
export interface DeviceListener {
  /** A kernel ran, or was handed to the backend. */
  launch?(launch: Launch): void;
  /** The host wrote bytes, which `data` holds while this is called. */
  write?(transfer: HostTransfer, data: Uint8Array): void;
  /** The host asked for bytes. */
  read?(transfer: HostTransfer): void;
  /** Memory was taken. */
  allocate?(buffer: DeviceBuffer): void;
  /** Memory was given back. */
  free?(buffer: DeviceBuffer): void;
  /** Called before the backend starts work. */
  begins?(work: DeviceWork): void;
  /** Called when the backend has done the work or queued it; for asynchronous reads, when the read is queued. */
  ends?(work: DeviceWork): void;
}
