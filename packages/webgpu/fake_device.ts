/** A GPU that calculates nothing: for tests of what is asked of one, where there is no adapter, and for counting. */
import type { OpenedDevice } from "./device/open_device.ts";

/** Memory of a {@linkcode FakeDevice}. */
export class FakeBuffer {
  /** Bytes that it holds. */
  readonly size: number;
  /** What it holds. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether it was destroyed. */
  destroyed = false;

  /** Memory of zeros. */
  constructor(size: number) {
    this.size = size;
    this.bytes = new Uint8Array(size);
  }

  mapAsync(): Promise<void> {
    return Promise.resolve();
  }

  getMappedRange(start: number = 0, size: number = this.bytes.length - start): ArrayBuffer {
    return this.bytes.slice(start, start + size).buffer;
  }

  unmap(): void {}

  destroy(): void {
    this.destroyed = true;
  }
}

/** What was asked of a {@linkcode FakeDevice} so far. */
export interface FakeCounts {
  /** Bytes of each buffer that was made. */
  readonly buffers: FakeBuffer[];
  /** Buffers of each bind group that was made. */
  readonly groups: FakeBuffer[][];
  /** Labels of pipelines that were made. */
  readonly pipelines: string[];
  /** What was recorded and handed over: labels of dispatches, "copy", "write", "submit". */
  readonly events: string[];
}

/** What a {@linkcode FakeDevice} is like. */
export interface FakeOptions {
  /** The largest buffer; 256 MiB by default. */
  readonly maxBufferSize?: number;
  /** Features that were granted; none by default. */
  readonly features?: readonly string[];
  /** What dispatches do to the buffers that are bound, when they are handed over; nothing by default. */
  readonly compute?: (label: string, buffers: readonly FakeBuffer[]) => void;
}

/** A device that calculates nothing, and what a test does with it. */
export interface FakeDevice {
  /** The device. */
  readonly device: GPUDevice;
  /** What was asked of it so far. */
  readonly counts: FakeCounts;
  /** Reports an error that no scope has captured. */
  fail(message: string): void;
  /** Messages of the scopes that are popped next, which may come late; null for none, an error for a scope that is refused. */
  readonly scopes: (string | Error | null | Promise<string | null>)[];
  /** Takes the device away. */
  lose(reason: "destroyed" | "unknown", message: string): void;
}

/** A device that keeps what is written, copies what it is told to copy, and counts the rest. */
export function fakeDevice(options: FakeOptions = {}): FakeDevice {
  const counts: FakeCounts = { buffers: [], groups: [], pipelines: [], events: [] };
  const { buffers, groups, pipelines, events } = counts, maxBufferSize = options.maxBufferSize ?? 2 ** 28;
  type Copy = [FakeBuffer, number, FakeBuffer, number, number];
  const commands = new WeakMap<object, (() => void)[]>();
  const lost = Promise.withResolvers<{ reason: string; message: string }>();
  const scopes: FakeDevice["scopes"] = [];
  let hear: (event: { error: { message: string }; preventDefault(): void }) => void = () => {};
  const fail = (message: string) =>
    hear({ error: { message }, preventDefault: () => events.push("prevented") });
  const passOf = (recorded: (() => void)[]) => {
    let label = "no pipeline", bound: readonly FakeBuffer[] = [], ended = false;
    return {
      setPipeline: (pipeline: { label: string }) => label = pipeline.label,
      setBindGroup: (_: number, group: readonly FakeBuffer[]) => bound = group,
      dispatchWorkgroups() {
        if (ended) throw new TypeError("Cannot dispatch as the pass has ended");
        const [what, buffers] = [label, bound];
        events.push(what);
        recorded.push(() => {
          if (buffers.some(({ destroyed }) => destroyed)) fail(`${what}() uses a buffer that was destroyed`);
          options.compute?.(what, buffers);
        });
      },
      end: () => ended = true,
    };
  };
  const device = {
    limits: {
      maxBufferSize,
      maxStorageBufferBindingSize: maxBufferSize,
      maxStorageBuffersPerShaderStage: 8,
      maxBindingsPerBindGroup: 1000,
    },
    features: new Set(options.features),
    lost: lost.promise,
    addEventListener: (_: string, listener: typeof hear) => hear = listener,
    pushErrorScope: () => {},
    async popErrorScope() {
      const next = await (scopes.shift() ?? null);
      if (next instanceof Error) throw next;
      return next === null ? null : { message: next };
    },
    destroy: () => events.push("destroy"),
    createBuffer({ size }: { size: number }) {
      const buffer = new FakeBuffer(size);
      buffers.push(buffer);
      return buffer;
    },
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createShaderModule: () => ({}),
    createComputePipeline({ label }: { label: string }) {
      pipelines.push(label);
      return { label, getBindGroupLayout: () => ({}) };
    },
    createBindGroup({ entries }: { entries: { resource: { buffer: FakeBuffer } }[] }) {
      const bound = entries.map(({ resource }) => resource.buffer);
      groups.push(bound);
      return bound;
    },
    createCommandEncoder() {
      const recorded: (() => void)[] = [];
      const encoder = {
        beginComputePass: () => passOf(recorded),
        copyBufferToBuffer(...[from, at, to, where, size]: Copy) {
          recorded.push(() => {
            to.bytes.set(from.bytes.subarray(at, at + size), where);
            events.push("copy");
          });
        },
        finish: () => encoder,
      };
      commands.set(encoder, recorded);
      return encoder;
    },
    queue: {
      writeBuffer(buffer: FakeBuffer, offset: number, data: ArrayBufferView, first = 0, count?: number) {
        const each = "BYTES_PER_ELEMENT" in data ? Number(data.BYTES_PER_ELEMENT) : 1;
        const start = data.byteOffset + each * first;
        const size = count === undefined ? data.byteLength - each * first : each * count;
        buffer.bytes.set(new Uint8Array(data.buffer, start, size), offset);
        events.push("write");
      },
      submit(encoders: object[]) {
        for (const encoder of encoders) for (const command of commands.get(encoder)!) command();
        events.push("submit");
      },
    },
  };
  return {
    device: device as unknown as GPUDevice,
    counts,
    fail,
    scopes,
    lose: (reason, message) => lost.resolve({ reason, message }),
  };
}

/** The device as a backend opens it. */
export function fakeOpened(device: GPUDevice): OpenedDevice {
  const info = {
    vendor: "none",
    architecture: "",
    device: "fake",
    description: "fake",
    isFallbackAdapter: true,
  };
  return {
    device,
    info: info as unknown as GPUAdapterInfo,
    features: new Set(),
    traits: { subgroup: 1, subgroupDirective: "", half: false },
  };
}
