import { assert, assertEquals, assertThrows } from "@std/assert";
import { type CFunctions, openCLibrary } from "./c_library.ts";
import { ExecutableMemory } from "./executable_memory.ts";

const library = openCLibrary();

/** Returns the C library with some functions replaced, and a log of the calls that change memory. */
function watched(changes: Partial<CFunctions> = {}) {
  const { functions } = library!, calls: string[] = [];
  const watching: CFunctions = {
    ...functions,
    mmap: (address, bytes, protection, flags, file, offset) => {
      calls.push(`mmap ${bytes} ${protection}`);
      return functions.mmap(address, bytes, protection, flags, file, offset);
    },
    mprotect: (pointer, bytes, protection) => {
      calls.push(`mprotect ${bytes} ${protection}`);
      return functions.mprotect(pointer, bytes, protection);
    },
    munmap: (pointer, bytes) => {
      calls.push(`munmap ${bytes}`);
      return functions.munmap(pointer, bytes);
    },
    ...changes,
  };
  return { calls, library: { path: library!.path, flush: null, functions: watching } };
}

Deno.test({
  name: "ExecutableMemory gives code pages that are written first and executed then, and returns them",
  ignore: library === null,
  fn() {
    const { library, calls } = watched(), code = Uint8Array.from({ length: 5000 }, (_, i) => i);
    const memory = new ExecutableMemory(library);
    const first = memory.place(code), second = memory.place(code.subarray(0, 1));
    const page = Deno.build.arch === "x86_64" ? 4096 : 65536, pages = Math.ceil(code.length / page);
    assertEquals(second - first, BigInt(pages * page));
    const there = Deno.UnsafePointerView.getArrayBuffer(Deno.UnsafePointer.create(first)!, code.length);
    assertEquals(new Uint8Array(there.slice(0)), code);
    assertEquals(memory.bytes, code.length + 1);
    // 3 is to read and write, 5 to read and execute.
    assertEquals(calls, [`mmap ${1 << 20} 3`, `mprotect ${pages * page} 5`, `mprotect ${page} 5`]);
    memory.place(new Uint8Array(3 << 20));
    assertEquals(calls.slice(3), [`mmap ${3 << 20} 3`, `mprotect ${3 << 20} 5`]);
    assert(memory.isOpen);
    memory[Symbol.dispose]();
    memory[Symbol.dispose]();
    assertEquals(calls.slice(5), [`munmap ${1 << 20}`, `munmap ${3 << 20}`]);
    assert(!memory.isOpen);
    assertThrows(() => memory.place(code), TypeError, "must not be disposed of");
  },
});

Deno.test({
  name: "ExecutableMemory says what the system refuses",
  ignore: library === null,
  fn() {
    const cases = [
      [{ mprotect: () => -1 }, "must let memory be executable"],
      [{ mmap: () => Deno.UnsafePointer.create(2n ** 64n - 1n) }, "must have memory left"],
    ] as const;
    for (const [changes, message] of cases) {
      using memory = new ExecutableMemory(watched(changes).library);
      assertThrows(() => memory.place(new Uint8Array(1)), TypeError, message);
    }
  },
});

Deno.test({
  name: "ExecutableMemory returns pages that nobody holds",
  ignore: library === null,
  async fn() {
    const own = new URL("./", import.meta.url),
      program = `
      import { openCLibrary } from "${new URL("c_library.ts", own)}";
      import { ExecutableMemory } from "${new URL("executable_memory.ts", own)}";
      const { path, functions } = openCLibrary();
      let returned = 0;
      const munmap = (...args) => (returned++, functions.munmap(...args));
      const make = () => void new ExecutableMemory({ path, functions: { ...functions, munmap } }).place(new Uint8Array(1));
      make();
      for (let i = 0; returned === 0 && i < 100; i++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      console.log(returned);`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--v8-flags=--expose-gc", "--ext=ts", program],
      stderr: "inherit",
    }).output();
    assertEquals(new TextDecoder().decode(stdout).trim(), "1");
  },
});
