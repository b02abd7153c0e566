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
  /** Whether there is no memory behind it. */
  readonly invalid: boolean;
  #mapped: boolean;

  /** Memory of zeros, which can be read at once only if it is `mapped`. */
  constructor(
    size: number,
    { invalid = false, mapped = true }: { invalid?: boolean; mapped?: boolean } = {},
  ) {
    this.size = size;
    this.bytes = new Uint8Array(size);
    this.invalid = invalid;
    this.#mapped = mapped;
  }

  async mapAsync(): Promise<void> {
    await Promise.resolve();
    this.#mapped = true;
  }

  getMappedRange(start: number = 0, size: number = this.bytes.length - start): ArrayBuffer {
    if (!this.#mapped) throw new DOMException("Cannot read as the buffer is not mapped", "OperationError");
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
  /** Bytes that all buffers may take together; any number by default. */
  readonly memory?: number;
  /** Whether the host hears of everything later, as in a browser, where it hears at once in Deno. */
  readonly late?: boolean;
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
  /** Messages of the validation scopes that are popped next, which may come late; null for none, an error for a scope that is refused. */
  readonly scopes: (string | Error | null | Promise<string | null>)[];
  /** Whether there is memory for what is done in the out-of-memory scopes that are popped next; there is by default. */
  readonly room: boolean[];
  /** Takes the device away. */
  lose(reason: "destroyed" | "unknown", message: string): void;
}

/** Work of an encoder, and the buffers that it uses. */
interface Command {
  readonly buffers: readonly FakeBuffer[];
  run(): void;
}

type Judgment = { readonly message: string } | null;

/** What a scope found, known to the host when the promise is made unless it is an error of its own. */
function judged(found: string | Error | null): Promise<Judgment> {
  if (found instanceof Error) return Promise.reject(found);
  return Promise.resolve(found === null ? null : { message: found });
}

/** A device that keeps what is written, copies what it is told to copy, and counts the rest. */
export function fakeDevice(options: FakeOptions = {}): FakeDevice {
  const counts: FakeCounts = { buffers: [], groups: [], pipelines: [], events: [] };
  const { buffers, groups, pipelines, events } = counts, maxBufferSize = options.maxBufferSize ?? 2 ** 28;
  const { memory = Infinity, late = false } = options;
  type Copy = [FakeBuffer, number, FakeBuffer, number, number];
  const commands = new WeakMap<object, Command[]>();
  const open: { readonly filter: string; message: string | null }[] = [];
  const lost = Promise.withResolvers<{ reason: string; message: string }>();
  const scopes: FakeDevice["scopes"] = [], room: boolean[] = [];
  let hear: (event: { error: { message: string }; preventDefault(): void }) => void = () => {};
  const fail = (message: string) =>
    hear({ error: { message }, preventDefault: () => events.push("prevented") });
  const report = (filter: string, message: string): void => {
    const scope = open.findLast((scope) => scope.filter === filter);
    if (scope) scope.message ??= message;
    else fail(message);
  };
  const passOf = (recorded: Command[]) => {
    let label = "no pipeline", bound: readonly FakeBuffer[] = [], ended = false;
    return {
      setPipeline: (pipeline: { label: string }) => label = pipeline.label,
      setBindGroup: (_: number, group: readonly FakeBuffer[]) => bound = group,
      dispatchWorkgroups() {
        if (ended) throw new TypeError("Cannot dispatch as the pass has ended");
        const [what, buffers] = [label, bound];
        events.push(what);
        recorded.push({
          buffers,
          run() {
            if (buffers.some(({ destroyed }) => destroyed)) {
              fail(`${what}() uses a buffer that was destroyed`);
            }
            options.compute?.(what, buffers);
          },
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
    pushErrorScope: (filter: string) => void open.push({ filter, message: null }),
    popErrorScope() {
      const { filter = "validation", message = null } = open.pop() ?? {};
      const full = filter === "out-of-memory" && room.shift() === false ? "not enough memory left" : null;
      const next = message ?? full ?? (filter === "validation" ? scopes.shift() ?? null : null);
      if (next instanceof Promise) return next.then(judged);
      return late ? new Promise((resolve) => setTimeout(resolve)).then(() => judged(next)) : judged(next);
    },
    destroy: () => events.push("destroy"),
    createBuffer({ size }: { size: number }) {
      const held = buffers.reduce(
        (sum, { size, destroyed, invalid }) => sum + (destroyed || invalid ? 0 : size),
        0,
      );
      const buffer = new FakeBuffer(size, { invalid: held + size > memory, mapped: !late });
      if (buffer.invalid) report("out-of-memory", "not enough memory left");
      else buffers.push(buffer);
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
      const recorded: Command[] = [];
      const encoder = {
        beginComputePass: () => passOf(recorded),
        copyBufferToBuffer(...[from, at, to, where, size]: Copy) {
          recorded.push({
            buffers: [from, to],
            run() {
              to.bytes.set(from.bytes.subarray(at, at + size), where);
              events.push("copy");
            },
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
        if (buffer.invalid) return fail("write to a buffer without memory");
        buffer.bytes.set(new Uint8Array(data.buffer, start, size), offset);
        events.push("write");
      },
      submit(encoders: object[]) {
        const given = encoders.flatMap((encoder) => commands.get(encoder)!);
        // Nothing of what is handed over runs where a part of it is refused.
        if (given.some(({ buffers }) => buffers.some(({ invalid }) => invalid))) {
          report("validation", "use of a buffer without memory");
        } else {
          for (const { run } of given) run();
        }
        events.push("submit");
      },
    },
  };
  return {
    device: device as unknown as GPUDevice,
    counts,
    fail,
    scopes,
    room,
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
