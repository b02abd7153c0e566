/** Memory that new tensors are laid in while a function runs. */
import type { Device } from "../device.ts";
import type { DType } from "../dtype.ts";
import type { Lease } from "../storage.ts";

/** Memory for the first new tensor that fits. */
export interface Reservation {
  /** The device that it is on. */
  readonly device: Device;
  /** The dtype of the tensor. */
  readonly dtype: DType;
  /** Bytes of the tensor. */
  readonly bytes: number;
  /** The memory, if nobody has it. */
  readonly lease: () => Lease | null;
}

let reserved: readonly Reservation[] | null = null;

/**
 * Runs `f`, during which the first new tensor that has the device, dtype and size of a reservation is laid there. It
 * is a tensor like any other: nothing depends on it but where the elements are.
 */
export function reserving<T>(reservations: readonly Reservation[], f: () => T): T {
  const before = reserved;
  reserved = reservations;
  try {
    return f();
  } finally {
    reserved = before;
  }
}

/** The memory that is reserved for a new tensor of `bytes`; null if there is none. */
export function takeReserved(device: Device, dtype: DType, bytes: number): Lease | null {
  return reserved === null ? null : firstOf(reserved, device, dtype, bytes);
}

function firstOf(
  reservations: readonly Reservation[],
  device: Device,
  dtype: DType,
  bytes: number,
): Lease | null {
  for (const reservation of reservations) {
    if (reservation.bytes !== bytes || reservation.dtype !== dtype || reservation.device !== device) continue;
    const lease = reservation.lease();
    if (lease !== null) return lease;
  }
  return null;
}
