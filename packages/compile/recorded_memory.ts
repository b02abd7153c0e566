/** Memory that a recorded call uses. */
import { bytesOf, type LaunchView, type ProgramView, type Storage } from "@troodon/core/kernel";
import { keyOf, type TraceSlot } from "./trace.ts";

/** Memory slots of a recorded call. */
export class RecordedMemory {
  /** Slots, in the order of their first use. */
  readonly slots: TraceSlot[] = [];
  /** Storages created outside the call, with the state of their leaves before the call used them. */
  readonly outer: Map<Storage, number> = new Map();
  readonly #slotOf = new Map<object, number>();
  /** Buffers allocated during the call. */
  readonly #fresh = new Set<object>();
  /** Buffers that sections allocated. */
  readonly #ofSections = new Set<object>();

  /** Notes that the call allocated `buffer`, within a section or not. */
  allocated(buffer: object, inSection: boolean): void {
    this.#fresh.add(buffer);
    if (inSection) this.#ofSections.add(buffer);
  }

  /** Notes that `buffer` is freed; a buffer that is allocated again counts as new memory. */
  freed(buffer: object): void {
    this.#slotOf.delete(buffer);
    this.#fresh.delete(buffer);
    this.#ofSections.delete(buffer);
  }

  /** Notes that the host wrote to `storage`, up to byte `end` of its buffer; returns its slot. */
  written(storage: Storage, end: number): number {
    const slot = this.#slot(storage), known = this.slots[slot]!;
    known.bytes = Math.max(known.bytes, end);
    known.written = true;
    return slot;
  }

  /** Notes that the call uses a storage from outside. */
  meet(storage: Storage): void {
    if (!this.outer.has(storage)) this.outer.set(storage, storage.leafState);
  }

  /** Returns the slot of a storage's memory; undefined if no launch uses it. */
  slotOf(storage: Storage): number | undefined {
    return this.#slotOf.get(keyOf(storage));
  }

  /** Returns the view of a slot that corresponds to `view` of a storage. */
  view(view: LaunchView, written: boolean): ProgramView {
    const { storage, dtype, shape, strides, offset, end } = view, slot = this.#slot(storage);
    const known = this.slots[slot]!, last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, offset);
    known.bytes = Math.max(known.bytes, storage.start + storage.bytes, (last + 1) * bytesOf(dtype));
    known.written ||= written;
    return { slot, dtype, shape, strides, offset, ...(end !== undefined && { end }) };
  }

  /** Returns true if a section allocated the storage, such as for the state of an optimizer. */
  isOfSection(storage: Storage): boolean {
    return this.#ofSections.has(storage.buffer);
  }

  /** Returns true if the call allocated the storage. */
  isOwn(storage: Storage): boolean {
    return this.#fresh.has(storage.buffer);
  }

  #slot(storage: Storage): number {
    const key = keyOf(storage);
    let slot = this.#slotOf.get(key);
    const own = this.isOwn(storage);
    if (!own) this.meet(storage);
    if (slot === undefined) {
      slot = this.slots.push({ key, storage, own, bytes: 0, written: false }) - 1;
      this.#slotOf.set(key, slot);
    }
    return slot;
  }
}
