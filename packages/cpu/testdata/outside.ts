/** Reads far outside of a buffer, or writes just outside of one, as no kernel may. */
import { CpuMemory } from "../memory.ts";

const memory = new CpuMemory(), buffer = memory.allocate(100);
if (Deno.args[0] === "read") console.log(memory.u8[buffer.pointer + 256]);
memory.u8[buffer.pointer + 100] = 1;
memory.release(buffer);
