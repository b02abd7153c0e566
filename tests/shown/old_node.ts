/** Adds a global that modules need to load and Node 20 lacks: an element type that nothing shown here has. */
const host: { Float16Array?: unknown } = globalThis;
host.Float16Array ??= Uint16Array;
