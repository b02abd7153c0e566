/** What Node 20 lacks for modules to load: types of elements that nothing shown here has. */
const host: { Float16Array?: unknown } = globalThis;
host.Float16Array ??= Uint16Array;
